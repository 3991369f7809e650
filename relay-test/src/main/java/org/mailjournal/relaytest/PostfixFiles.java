package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The directories of one private Postfix, and the configuration that a setup asks for. Names are
 * short: the path of a unix socket has room for 108 bytes.
 */
record PostfixFiles(Path base) {
  /** Beside the queue under this name, so that the daemon knows whose the queue is. */
  Path config() {
    return base.resolve("etc");
  }

  Path queue() {
    return base.resolve("q");
  }

  Path log() {
    return base.resolve("log");
  }

  /** One maildir a user. */
  Path mail() {
    return base.resolve("m");
  }

  Path authSocket() {
    return base.resolve("auth");
  }

  private Path data() {
    return base.resolve("d");
  }

  private Path forwards() {
    return base.resolve("f");
  }

  private Path certificate() {
    return base.resolve("tls.pem");
  }

  static PostfixFiles create() {
    try {
      return new PostfixFiles(Files.createTempDirectory(Path.of("/tmp"), "mj"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(PostfixSetup setup, int port, int reinjectionPort) {
    try {
      makeDirectory(base, "rwxr-xr-x");
      makeDirectory(config(), "rwxr-xr-x");
      makeDirectory(queue(), "rwxr-xr-x");
      makeDirectory(data(), "rwx------");
      makeDirectory(forwards(), "rwxr-xr-x");
      // As /var/mail where local(8) makes the mailbox with the user's own rights.
      makeDirectory(mail(), "rwxrwxrwx");
      Files.setOwner(
          data(),
          base.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
      table("transport", setup.transports(), " ");
      table("virtual", setup.virtualAliases(), " ");
      table("aliases", setup.localAliases(), " ");
      for (Map.Entry<String, String> forward : setup.forwards().entrySet()) {
        Files.writeString(forwards().resolve(forward.getKey()), forward.getValue() + "\n");
      }
      Certificate.pem(certificate(), Path.of(certificate() + ".crt"));
      Files.writeString(config().resolve("main.cf"), lines(mainCf(setup), " = "));
      Files.writeString(config().resolve("master.cf"), masterCf(setup, port, reinjectionPort));
      makeOld(config());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Every Postfix program that starts waits 1.5 s before it believes a main.cf that was changed
   * just now. Ours is written before anybody reads it.
   */
  static void makeOld(Path config) {
    try {
      for (String name : List.of("main.cf", "master.cf")) {
        Files.setLastModifiedTime(config.resolve(name), FileTime.fromMillis(0));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void makeDirectory(Path directory, String permissions) throws IOException {
    Files.createDirectories(directory);
    // The umask must not have a say.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
  }

  private void table(String name, Map<String, String> entries, String between) throws IOException {
    Files.writeString(config().resolve(name), lines(entries, between));
  }

  private static String lines(Map<String, String> entries, String between) {
    return entries.entrySet().stream()
        .map(entry -> entry.getKey() + between + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private Map<String, String> mainCf(PostfixSetup setup) {
    Map<String, String> main = new LinkedHashMap<>();
    places(main);
    main.put("compatibility_level", "3.6");
    main.put("myhostname", "mail." + PostfixSetup.LOCAL_DOMAIN);
    main.put("mydomain", PostfixSetup.LOCAL_DOMAIN);
    main.put("myorigin", PostfixSetup.LOCAL_DOMAIN);
    main.put("mydestination", PostfixSetup.LOCAL_DOMAIN);
    main.put("mynetworks", "127.0.0.0/8, [::1]/128");
    main.put("inet_interfaces", Loopback.hasIpv6() ? "127.0.0.1, ::1" : "127.0.0.1");
    main.put("inet_protocols", Loopback.hasIpv6() ? "all" : "ipv4");
    main.put("smtputf8_enable", "yes");
    main.put("biff", "no");
    main.put("append_dot_mydomain", "no");
    limits(main);
    delivery(main);
    security(main);
    setup
        .contentFilter()
        .ifPresent(filter -> main.put("content_filter", "smtp:[127.0.0.1]:" + filter.getPort()));
    main.putAll(setup.main());
    return main;
  }

  private void places(Map<String, String> main) {
    main.put("queue_directory", queue().toString());
    main.put("data_directory", data().toString());
    main.put("command_directory", RealPostfix.defaultOf("command_directory"));
    main.put("daemon_directory", RealPostfix.defaultOf("daemon_directory"));
    main.put("mail_owner", "postfix");
    main.put("setgid_group", "postdrop");
    main.put("maillog_file", log().toString());
    main.put("maillog_file_prefixes", base.toString());
    // No dynamicmaps.cf here: nothing but what is built in, as on a minimal installation.
    main.put("default_database_type", "texthash");
  }

  private static void limits(Map<String, String> main) {
    main.put("message_size_limit", "104857600");
    main.put("mailbox_size_limit", "0");
    main.put("smtpd_recipient_limit", "100000");
    main.put("smtpd_client_connection_count_limit", "0");
    main.put("smtpd_error_sleep_time", "0");
    main.put("smtpd_soft_error_limit", "5000");
    main.put("smtpd_hard_error_limit", "5000");
    main.put("smtpd_junk_command_limit", "5000");
    main.put("queue_run_delay", "1h");
    main.put("minimal_backoff_time", "1h");
    main.put("maximal_backoff_time", "1h");
    for (String stage :
        List.of(
            "connect",
            "helo",
            "xforward",
            "mail",
            "rcpt",
            "data_init",
            "data_done",
            "rset",
            "quit")) {
      main.put("smtp_" + stage + "_timeout", "10s");
    }
  }

  private void delivery(Map<String, String> main) {
    String config = config().toString();
    // No DNS at all: exchangers come from the transport table, other names from /etc/hosts.
    main.put("smtp_dns_support_level", "disabled");
    main.put("smtp_host_lookup", "native");
    main.put("transport_maps", "texthash:" + config + "/transport");
    main.put("virtual_alias_domains", PostfixSetup.ALIAS_DOMAIN);
    main.put("virtual_alias_maps", "texthash:" + config + "/virtual");
    main.put("alias_maps", "texthash:" + config + "/aliases");
    main.put("alias_database", "");
    // The slash makes maildirs: one file a message.
    main.put("mail_spool_directory", mail() + "/");
    main.put("forward_path", forwards() + "/$user");
    main.put("recipient_delimiter", "+");
  }

  private void security(Map<String, String> main) {
    main.put(
        "smtpd_relay_restrictions",
        "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination");
    main.put("smtpd_authorized_xclient_hosts", "127.0.0.1, [::1]");
    main.put("smtpd_sasl_auth_enable", "yes");
    main.put("smtpd_sasl_type", "dovecot");
    main.put("smtpd_sasl_path", authSocket().toString());
    main.put("smtpd_tls_security_level", "may");
    main.put("smtpd_tls_cert_file", certificate() + ".crt");
    main.put("smtpd_tls_key_file", certificate().toString());
  }

  private static String masterCf(PostfixSetup setup, int port, int reinjectionPort) {
    StringBuilder text = new StringBuilder();
    smtpd(text, port, setup.smtpdOptions());
    if (setup.contentFilter().isPresent()) {
      Map<String, String> options = new LinkedHashMap<>();
      options.put("content_filter", "");
      options.putAll(setup.reinjectionOptions());
      smtpd(text, reinjectionPort, options);
    }
    return text.append(SERVICES).toString();
  }

  private static void smtpd(StringBuilder text, int port, Map<String, String> options) {
    for (String address :
        Loopback.hasIpv6() ? new String[] {"127.0.0.1", "[::1]"} : new String[] {"127.0.0.1"}) {
      text.append(address).append(':').append(port).append(" inet n - n - - smtpd\n");
      options.forEach(
          (name, value) ->
              text.append("  -o { ").append(name).append(" = ").append(value).append(" }\n"));
    }
  }

  /** Postfix's own master.cf without chroots. */
  private static final String SERVICES =
      """
      pickup unix n - n 60 1 pickup
      cleanup unix n - n - 0 cleanup
      qmgr unix n - n 300 1 qmgr
      tlsmgr unix - - n 1000? 1 tlsmgr
      rewrite unix - - n - - trivial-rewrite
      bounce unix - - n - 0 bounce
      defer unix - - n - 0 bounce
      trace unix - - n - 0 bounce
      verify unix - - n - 1 verify
      flush unix n - n 1000? 0 flush
      proxymap unix - - n - - proxymap
      proxywrite unix - - n - 1 proxymap
      smtp unix - - n - - smtp
      relay unix - - n - - smtp
      showq unix n - n - - showq
      error unix - - n - - error
      retry unix - - n - - error
      discard unix - - n - - discard
      local unix - n n - - local
      virtual unix - n n - - virtual
      lmtp unix - - n - - lmtp
      anvil unix - - n - 1 anvil
      scache unix - - n - 1 scache
      postlog unix-dgram n - n - 1 postlogd
      """;
}
