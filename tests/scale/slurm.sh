#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# slurm.sh ROOT TCPSTATE: docs/examples/conns.sbatch by a Slurm of our own on this machine, against one pass. Exit status 77:
# no Slurm here, or no root.
set -eu
root=$1
PATH=$(dirname "$2"):$PATH:/usr/sbin
export PATH LC_ALL=C
for tool in slurmctld slurmd sbatch squeue munged mungekey sqlite3; do
  command -v $tool >/dev/null || {
    echo "not tried: $tool is not here"
    exit 77
  }
done
test "$(id -u)" -eq 0 || {
  echo 'not tried: slurmd wants to be root'
  exit 77
}

work=$(mktemp -d)
pids=
finish() {
  # shellcheck disable=SC2086 # a list of numbers
  kill $pids 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT
mkdir "$work/state" "$work/spool"
host=$(hostname -s)
mungekey --create --keyfile "$work/munge.key"
cat >"$work/slurm.conf" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=26817
SlurmdPort=26818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF="$work/slurm.conf"
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
  --log-file="$work/munged.log" --seed-file="$work/munged.seed" 2>"$work/munged.err" &
pids="$pids $!"
for _ in 1 2 3 4 5 6 7 8 9 10; do
  test ! -S "$work/munge.socket" || break
  sleep 0.2
done
slurmctld -D -c >"$work/slurmctld.log" 2>&1 &
pids="$pids $!"
slurmd -D -c -N "$host" >"$work/slurmd.log" 2>&1 &
pids="$pids $!"

cd "$work"
ln -s "$root/docs" docs
python3 "$root/tests/scale/rotated_set.py" trace
tcpstate conns -q -T csv trace/*.pcap >one-pass.csv
tries=0
until sbatch --quiet --wait --array=0-3 --output=job-%a.log docs/examples/conns.sbatch trace/*.pcap 2>"$work/sbatch.err"; do
  tries=$((tries + 1))
  test $tries -lt 10 || {
    tail -n 5 "$work"/*.err "$work"/*.log >&2
    exit 1
  }
  sleep 1
done
cat job-*.log
test "$(find . -maxdepth 1 -name 'share-*.csv' | wc -l)" -eq 4
sh docs/examples/together.sh all.db share-*.csv
sqlite3 -header -separator , all.db 'SELECT * FROM conns' >together.csv
cmp one-pass.csv together.csv
echo "four tasks by $(sbatch --version), $(wc -l <share-0.csv) lines the first; together the same as one pass"
