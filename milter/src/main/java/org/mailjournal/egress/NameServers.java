package org.mailjournal.egress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupSession;

/**
 * The name servers: those of the settings, or the machine's, also when these become others: the
 * relay may be started before the network has told which there are.
 */
final class NameServers {
  private static final Logger LOG = LoggerFactory.getLogger(NameServers.class);

  /** With one of them, as glibc has it ({@code RES_TIMEOUT}). */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Settings.Dns settings;
  private final Path file;
  private Optional<Version> version;
  private LookupSession session;

  /**
   * Asks nobody yet.
   *
   * @param file {@code /etc/resolv.conf}
   */
  NameServers(Settings.Dns settings, Path file) {
    this.settings = settings;
    this.file = file;
    this.version = Version.of(file);
    this.session = settings.servers().isEmpty() ? machines() : of(settings.servers());
  }

  private record Version(FileTime time, long size) {
    static Optional<Version> of(Path file) {
      try {
        BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class);
        return Optional.of(new Version(of.lastModifiedTime(), of.size()));
      } catch (IOException absent) {
        return Optional.empty();
      }
    }
  }

  /** What one lookup is made with. */
  synchronized LookupSession session() {
    if (settings.servers().isEmpty()) {
      Optional<Version> now = Version.of(file);
      // A file that is gone is being written anew, and names nobody better.
      if (now.isPresent() && !now.equals(version)) {
        version = now;
        session = machines();
      }
    }
    return session;
  }

  private LookupSession machines() {
    // The first to ask makes the list of where to look, without which refresh() fails.
    ResolverConfig.getCurrentConfig();
    ResolverConfig.refresh();
    List<InetSocketAddress> servers = ResolverConfig.getCurrentConfig().servers();
    LOG.info("egress: name servers {}", servers);
    return of(servers);
  }

  private LookupSession of(List<InetSocketAddress> servers) {
    boolean isAlone = servers.size() == 1;
    ExtendedResolver all =
        new ExtendedResolver(
            servers.stream()
                .map(server -> isAlone ? new SimpleResolver(server) : new OneOfMany(server))
                .peek(server -> server.setTimeout(PATIENCE))
                .toArray(Resolver[]::new));
    all.setTimeout(settings.timeout());
    return LookupSession.builder().resolver(all).cache(new Cache(DClass.IN)).build();
  }

  /** One whose troubles are its own, as with glibc: another may know. */
  private static final class OneOfMany extends SimpleResolver {
    private static final Set<Integer> TROUBLES =
        Set.of(Rcode.SERVFAIL, Rcode.NOTIMP, Rcode.REFUSED);

    private OneOfMany(InetSocketAddress server) {
      super(server);
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
      return super.sendAsync(query, executor).thenApply(this::ifUseful);
    }

    private Message ifUseful(Message reply) {
      int rcode = reply.getRcode();
      if (TROUBLES.contains(rcode)) {
        throw new UncheckedIOException(
            new IOException(getAddress() + " says " + Rcode.string(rcode)));
      }
      return reply;
    }
  }
}
