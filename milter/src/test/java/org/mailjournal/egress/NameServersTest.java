package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Type;
import org.xbill.DNS.config.BaseResolverConfigProvider;
import org.xbill.DNS.config.ResolverConfigProvider;

final class NameServersTest {
  /** Which server is asked first is by chance. */
  private static final int NAMES = 12;

  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private FakeDns server() throws IOException {
    FakeDns dns = new FakeDns();
    open.add(dns);
    for (int i = 0; i < NAMES; i++) {
      dns.address("x" + i + ".example", "192.0.2.1");
    }
    return dns;
  }

  private NameServers servers(InetSocketAddress... which) {
    Settings.Dns settings =
        new Settings.Dns(List.of(which), Duration.ofSeconds(20), 25, Optional.empty());
    return new NameServers(settings, directory.resolve("resolv.conf"));
  }

  private static String address(NameServers servers, int name) throws Exception {
    return servers
        .session()
        .lookupAsync(Name.fromString("x" + name + ".example."), Type.A)
        .toCompletableFuture()
        .get()
        .getRecords()
        .get(0)
        .rdataToString();
  }

  private static void assertAllFound(NameServers servers) throws Exception {
    for (int i = 0; i < NAMES; i++) {
      assertEquals("192.0.2.1", address(servers, i));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.NOTIMP})
  void anotherOneIsAskedWhereOneIsInTrouble(int rcode) throws Exception {
    assertAllFound(servers(server().says(rcode).address(), server().address()));
  }

  @Test
  void whereAllAreInTroubleTheNameIsUnknown() throws Exception {
    NameServers servers =
        servers(server().says(Rcode.REFUSED).address(), server().says(Rcode.SERVFAIL).address());
    assertThrows(ExecutionException.class, () -> address(servers, 0));
  }

  @Test
  void thoseOfTheMachineAreTakenAnewWhenTheirFileIsWritten() throws Exception {
    Path file = directory.resolve("resolv.conf");
    FakeDns before = server();
    FakeDns after = new FakeDns().address("x0.example", "192.0.2.2");
    open.add(after);
    List<ResolverConfigProvider> usual = ResolverConfig.getConfigProviders();
    open.add(
        () -> {
          ResolverConfig.setConfigProviders(usual);
          ResolverConfig.refresh();
        });
    ResolverConfig.setConfigProviders(List.of(new OnePortALine(file)));
    Files.writeString(file, Integer.toString(before.address().getPort()));
    NameServers servers = servers();
    assertEquals("192.0.2.1", address(servers, 0));
    Files.delete(file);
    assertEquals("192.0.2.1", address(servers, 1));
    Files.writeString(file, Integer.toString(after.address().getPort()));
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 5000));
    assertEquals("192.0.2.2", address(servers, 0));
  }

  /** A resolv.conf whose servers are on loopback. */
  private static final class OnePortALine extends BaseResolverConfigProvider {
    private final Path file;

    private OnePortALine(Path file) {
      this.file = file;
    }

    @Override
    public void initialize() {
      reset();
      try {
        for (String port : Files.readAllLines(file)) {
          addNameserver(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
        }
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
