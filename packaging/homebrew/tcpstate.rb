# SPDX-License-Identifier: GPL-2.0-or-later
# Command and library. The plugin goes into the user's folder, see docs/install.md: a formula may not write into another
# one's. At a release, url and sha256 are what packaging/dist.sh has made.
class Tcpstate < Formula
  desc "TCP state of both endpoints, packet by packet"
  homepage "https://tcpstate.example/"
  url "https://tcpstate.example/tcpstate-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "GPL-2.0-or-later"

  depends_on "cmake" => :build
  depends_on "pkgconf" => :build
  depends_on "libpcap"
  depends_on "zstd"

  def install
    system "cmake", "-S", ".", "-B", "build", "-DTCPSTATE_PLUGIN=OFF", "-DTCPSTATE_TESTS=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
    pkgshare.install "sample-captures"
  end

  test do
    capture = pkgshare/"sample-captures/https-session.pcap"
    states = shell_output("#{bin}/tcpstate -T fields -e tcpstate.client.state #{capture}")
    assert_equal "TIME-WAIT", states.lines.last.chomp
  end
end
