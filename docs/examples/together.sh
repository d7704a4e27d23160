#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# together.sh DATABASE SHARE.csv...: the tables of `tcpstate conns -T csv` of all shares as one table, conns, numbered as one
# pass over everything would have numbered them. A connection that went into every share is kept once.
database=$1
shift
{
  echo '.mode csv'
  for share; do
    echo ".import $share share"
  done
  cat <<'SQL'
CREATE TABLE conns AS SELECT * FROM share WHERE first_frame <> 'first_frame'
  GROUP BY first_time, client, client_port, server, server_port ORDER BY first_time, CAST(first_frame AS INTEGER);
UPDATE conns SET stream = rowid - 1;
DROP TABLE share;
SQL
} | sqlite3 "$database"
