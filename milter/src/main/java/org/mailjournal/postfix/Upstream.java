package org.mailjournal.postfix;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/** Postfix's own services, to which requests are passed on unchanged. */
final class Upstream {
  private final Settings settings;
  private final Watchdog watchdog;

  Upstream(Settings settings, Watchdog watchdog) {
    this.settings = settings;
    this.watchdog = watchdog;
  }

  /**
   * The service's answer, byte for byte. A greeting is passed over where there is one (Postfix 3.6
   * and later); the request need not wait for it.
   *
   * @param end the {@link System#nanoTime} until which there must be an answer
   * @throws IOException when there is no answer, or not in time
   */
  AttributeList ask(Service service, AttributeList request, long end) throws IOException {
    requireTime(end);
    UnixDomainSocketAddress address =
        UnixDomainSocketAddress.of(settings.socket(settings.route(service).real()));
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      watchdog.within(settings.peerTimeout(), channel, () -> channel.connect(address));
      Peer peer = new Peer(channel, watchdog);
      peer.write(request, settings.peerTimeout());
      Optional<AttributeList> answer = peer.read(requireTime(end));
      if (answer.filter(AttributeList::isGreeting).isPresent()) {
        answer = peer.read(requireTime(end));
      }
      return answer.orElseThrow(
          () -> new EOFException("expected an answer, got a closed connection"));
    }
  }

  private static Duration requireTime(long end) throws IOException {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    if (left.isNegative()) {
      throw new IOException("the time that qmgr waits was used up before it could answer");
    }
    return left;
  }
}
