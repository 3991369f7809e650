package org.mailjournal.egress;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.mailjournal.journal.Remote;

/**
 * One place to connect to.
 *
 * @param host its name as it was looked up, or an address literal ({@code [192.0.2.1]}); absent for
 *     a unix socket
 */
record Target(Optional<String> host, SocketAddress address) {
  static Target of(String host, InetAddress address, int port) {
    return new Target(Optional.of(host), new InetSocketAddress(address, port));
  }

  static Target of(Path socket) {
    return new Target(Optional.empty(), UnixDomainSocketAddress.of(socket));
  }

  /** As it stands in the journal: {@code 192.0.2.1:25}, {@code [2001:db8::1]:25}, or a path. */
  String place() {
    if (address instanceof InetSocketAddress inet) {
      String text = inet.getAddress().getHostAddress();
      return (inet.getAddress() instanceof Inet6Address ? "[" + text + "]" : text)
          + ":"
          + inet.getPort();
    }
    return address.toString();
  }

  /**
   * As whom the journal has it.
   *
   * @param tls protocol and cipher
   */
  Remote remote(Optional<String> tls) {
    return new Remote(host, Optional.of(place()), tls);
  }

  /** As it stands in logs and in our own replies. */
  String peer() {
    return host.map(h -> h + " (" + place() + ")").orElse(place());
  }
}
