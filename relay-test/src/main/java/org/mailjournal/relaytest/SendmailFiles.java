package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directories of one private sendmail, and the configuration that a setup asks for. */
record SendmailFiles(Path base) {
  Path queue() {
    return base.resolve("q");
  }

  Path log() {
    return base.resolve("log");
  }

  Path pid() {
    return base.resolve("pid");
  }

  Path cf() {
    return base.resolve("sendmail.cf");
  }

  /** One directory a user. */
  Path mail() {
    return base.resolve("m");
  }

  private Path forwards() {
    return base.resolve("f");
  }

  private Path aliases() {
    return base.resolve("aliases");
  }

  private Path mailertable() {
    return base.resolve("mailertable");
  }

  private Path virtusertable() {
    return base.resolve("virtusertable");
  }

  /** What it keeps in mind of hosts; directories of reversed names, with a file a host. */
  Path hostStatus() {
    return base.resolve("host_status");
  }

  private Path certificate() {
    return base.resolve("tls.crt");
  }

  private Path key() {
    return base.resolve("tls.key");
  }

  /** Where Cyrus SASL asks for passwords. */
  Path authSocket() {
    return base.resolve("sasl").resolve("mux");
  }

  private Path deliver() {
    return base.resolve("deliver");
  }

  /** Not below /tmp: sendmail trusts nothing below a directory that everybody may write to. */
  static SendmailFiles create() {
    try {
      Path base = Files.createTempDirectory(Path.of("/run"), "mj");
      Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
      return new SendmailFiles(base);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(SendmailSetup setup, SendmailPackage unpacked, int port) {
    try {
      Files.createDirectories(mail());
      Files.createDirectories(forwards());
      Files.createDirectories(hostStatus());
      Files.createDirectories(
          queue(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(aliases(), lines(setup.aliases(), ": "));
      Files.writeString(mailertable(), lines(setup.mailertable(), "\t"));
      Files.writeString(virtusertable(), lines(setup.virtusertable(), "\t"));
      for (Map.Entry<String, String> forward : setup.forwards().entrySet()) {
        Files.writeString(forwards().resolve(forward.getKey()), forward.getValue() + "\n");
      }
      Files.writeString(base.resolve("names"), SendmailSetup.LOCAL_DOMAIN + "\n");
      // Without a name server of the test's no DNS: the relay finds the way.
      String hosts = setup.nameServer().isPresent() ? "hosts dns files" : "hosts files";
      Files.writeString(base.resolve("switch"), hosts + "\naliases files\n");
      Files.writeString(deliver(), DELIVER);
      Certificate.pem(key(), certificate());
      Files.createDirectories(authSocket().getParent());
      Files.writeString(
          authSocket().resolveSibling("Sendmail.conf"), SASL + "saslauthd_path: " + authSocket());
      link(unpacked.cf(), base.resolve("cf"));
      Path mc = base.resolve("sendmail.mc");
      Files.writeString(mc, mc(setup, unpacked, port));
      Files.writeString(
          cf(),
          Command.run("m4", "-D_CF_DIR_=" + base.resolve("cf") + "/", mc.toString())
              .orThrow()
              .output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lines(Map<String, String> entries, String between) {
    return entries.entrySet().stream()
        .map(entry -> entry.getKey() + between + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /** Sendmail's m4 files with our feature among them, as an administrator puts it there. */
  private static void link(Path from, Path to) throws IOException {
    Files.createDirectories(to.resolve("feature"));
    try (Stream<Path> parts = Files.list(from)) {
      for (Path part : parts.filter(p -> !p.endsWith("feature")).toList()) {
        Files.createSymbolicLink(to.resolve(part.getFileName()), part);
      }
    }
    try (Stream<Path> features = Files.list(from.resolve("feature"))) {
      for (Path feature : features.toList()) {
        Files.createSymbolicLink(to.resolve("feature").resolve(feature.getFileName()), feature);
      }
    }
    Files.createSymbolicLink(
        to.resolve("feature/mailjournal.m4"),
        Repository.file("etc/sendmail/feature/mailjournal.m4"));
  }

  private String mc(SendmailSetup setup, SendmailPackage unpacked, int port) {
    String journal =
        setup
            .journal()
            .map(
                j ->
                    HOST_STATUS.formatted(hostStatus())
                        + "FEATURE(`mailjournal', `inet:%d@127.0.0.1', `%d')dnl\n"
                            .formatted(j.milter(), j.relay()))
            .orElse("");
    return MC.replace("@BASE@", base.toString())
            .replace("@NAME@", SendmailSetup.HOST_NAME)
            // Names in their canonical form, as sendmail has it where nothing is said.
            .replace("@NOCANONIFY@", setup.nameServer().isPresent() ? "dnl" : NOCANONIFY)
            .replace("@DAEMONS@", daemons(setup, port))
        + unpacked.saslPlugins().map(this::auth).orElse("")
        + mailbox(setup)
        + String.join("\n", setup.lines())
        + "\n"
        + journal
        + "MAILER(`local')dnl\nMAILER(`smtp')dnl\n";
  }

  /** Cyrus SASL takes its places from the environment, which sendmail empties but for E lines. */
  private String auth(Path plugins) {
    return AUTH.replace("@CONF@", authSocket().getParent().toString())
        .replace("@PLUGINS@", plugins.toString());
  }

  private String mailbox(SendmailSetup setup) {
    String relay = setup.journal().map(j -> Integer.toString(j.relay())).orElse("");
    return setup
        .localMailbox()
        .map(line -> line.replace("@RELAY@", relay) + "\n")
        .orElse(SCRIPT)
        .replace("@BASE@", base.toString());
  }

  private static String daemons(SendmailSetup setup, int port) {
    if (setup.isEverywhere()) {
      return "DAEMON_OPTIONS(`Family=inet, Name=MTA-inet, Port=%d')dnl\n".formatted(port);
    }
    String daemons = daemon("inet", "127.0.0.1", port);
    return Loopback.hasIpv6() ? daemons + daemon("inet6", "::1", port) : daemons;
  }

  private static String daemon(String family, String address, int port) {
    return "DAEMON_OPTIONS(`Family=%s, Name=MTA-%s, Addr=%s, Port=%d')dnl\n"
        .formatted(family, family, address, port);
  }

  static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One file a message, named in order of arrival. */
  private static final String DELIVER =
      """
      #!/bin/sh
      umask 077
      mkdir -p "$1" && cat > "$1/.$$" && mv "$1/.$$" "$1/$(date +%s%N)"
      """;

  private static final String SCRIPT =
      """
      dnl Through sh: nothing may be executed from where /run is mounted noexec.
      define(`LOCAL_MAILER_PATH', `/bin/sh')dnl
      define(`LOCAL_MAILER_ARGS', `sh @BASE@/deliver @BASE@/m/$u')dnl
      define(`LOCAL_MAILER_FLAGS', `SPn9')dnl
      """;

  /**
   * As Debian's DOMAIN(debian-mta) has it. Only with the feature: without it all tests' next hops
   * are one host to sendmail, which no server's are.
   */
  private static final String HOST_STATUS = "define(`confHOST_STATUS_DIRECTORY', `%s')dnl\n";

  private static final String NOCANONIFY = "FEATURE(`nocanonify')dnl";

  private static final String SASL =
      """
      pwcheck_method: saslauthd
      mech_list: PLAIN
      """;

  private static final String AUTH =
      """
      define(`confAUTH_MECHANISMS', `PLAIN')dnl
      TRUST_AUTH_MECH(`PLAIN')dnl
      LOCAL_CONFIG
      ESASL_CONF_PATH=@CONF@
      ESASL_PATH=@PLUGINS@
      """;

  private static final String MC =
      """
      include(`@BASE@/cf/m4/cf.m4')dnl
      OSTYPE(`linux')dnl
      define(`QUEUE_DIR', `@BASE@/q')dnl
      define(`ALIAS_FILE', `@BASE@/aliases')dnl
      define(`STATUS_FILE', `')dnl
      define(`HELP_FILE', `')dnl
      define(`confPID_FILE', `@BASE@/pid')dnl
      define(`confCW_FILE', `@BASE@/names')dnl
      define(`confCONTROL_SOCKET_NAME', `')dnl
      define(`confSERVICE_SWITCH_FILE', `@BASE@/switch')dnl
      define(`confFORWARD_PATH', `@BASE@/f/$u')dnl
      define(`confDOMAIN_NAME', `@NAME@')dnl
      define(`confTO_RESOLVER_RETRANS', `1s')dnl
      define(`confTO_RESOLVER_RETRY', `1')dnl
      define(`confTO_IDENT', `0')dnl
      define(`confQUEUE_LA', `1000')dnl
      define(`confREFUSE_LA', `1000')dnl
      define(`confLOG_LEVEL', `9')dnl
      define(`confBAD_RCPT_THROTTLE', `0')dnl
      define(`confMAX_DAEMON_CHILDREN', `0')dnl
      dnl Without these two it has no STARTTLS at all.
      define(`confCACERT_PATH', `@BASE@')dnl
      define(`confCACERT', `@BASE@/tls.crt')dnl
      define(`confSERVER_CERT', `@BASE@/tls.crt')dnl
      define(`confSERVER_KEY', `@BASE@/tls.key')dnl
      FEATURE(`no_default_msa')dnl
      FEATURE(`use_cw_file')dnl
      @NOCANONIFY@
      FEATURE(`accept_unresolvable_domains')dnl
      FEATURE(`accept_unqualified_senders')dnl
      dnl A text map gives the key itself back if it is not told where the value stands.
      FEATURE(`mailertable', `text -k0 -v1 @BASE@/mailertable')dnl
      FEATURE(`virtusertable', `text -k0 -v1 @BASE@/virtusertable')dnl
      @DAEMONS@\
      """;
}
