package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A machine on which all is well: a Postfix as {@code postconf} shows one that our script
 * connected, its queue, our sockets with somebody behind them, and a journal. Tests spoil one thing
 * each.
 */
final class ConnectedPostfix implements PostconfReader, TableReader, Closeable {
  /** What our table makes of commands. */
  private static final Map<String, String> MARKS =
      Map.of(
          "RCPT TO:<a@b.test>",
          "RCPT TO:<a@b.test> NOTIFY=sUCCESS,FAILURE,dELAY",
          "RCPT TO:<a@b.test> NOTIFY=NEVER",
          "RCPT TO:<a@b.test> NOTIFY=sUCCESS",
          "RCPT TO:<a@b.test> NOTIFY=sUCCESS",
          "RCPT TO:<a@b.test> NOTIFY=SUCCESS",
          "RCPT TO:<a@b.test> NOTIFY=DELAY",
          "RCPT TO:<a@b.test> NOTIFY=DELAY,sUCCESS");

  private final Path root;
  private final List<Closeable> open = new ArrayList<>();
  private final Terminal terminal;
  private final SpokenTo milter;
  private final Map<String, String> marks = new TreeMap<>(MARKS);
  private String empty = "";
  private int port;
  private String main;
  private String master;
  private String overrides;
  private String settings;

  ConnectedPostfix(Path root) {
    this.root = root;
    try {
      for (String name : List.of("active", "bounce", "defer", "trace", "private")) {
        Files.createDirectories(queue().resolve(name));
      }
      Files.createDirectories(configuration());
      Files.createFile(configuration().resolve("main.cf"));
      Files.createFile(configuration().resolve("mailjournal_rcpt.regexp"));
      Files.createDirectory(files());
      Files.createFile(files().resolve("mailjournal_rcpt.regexp"));
      Files.createDirectory(root.resolve("store"));
      mode("store", "rwxr-x---");
      Files.createFile(root.resolve("store/journal.db"));
      mode("store/journal.db", "rw-r-----");
      for (String task : List.of("trace", "bounce", "defer")) {
        listen(queue().resolve("private/journal-" + task));
      }
      InetAddress loopback = InetAddress.getLoopbackAddress();
      milter = new SpokenTo(ServerSocketChannel.open(), new InetSocketAddress(loopback, 0));
      open.add(milter);
      port = ((InetSocketAddress) milter.place()).getPort();
      main = fixture("postconf-main.txt").replace("@MILTER@", "inet:127.0.0.1:" + port);
      settings =
          "milter.listen = \"inet:"
              + port
              + "@127.0.0.1\"\n"
              + "store.url = \"jdbc:sqlite:"
              + root
              + "/store/journal.db\"\n"
              + "postfix.queue-directory = \""
              + queue()
              + "\"\n";
      main = main.replace("@OWNER@", Files.getOwner(root).getName());
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
    main =
        main.replace("@QUEUE@", queue().toString()).replace("@CONFIG@", configuration().toString());
    master = fixture("postconf-master.txt");
    overrides = fixture("postconf-overrides.txt");
    terminal =
        new Terminal(root)
            .on(
                new CheckCommand.Machine(
                    this, this, List.of(), files(), Path.of("/nonexistent/sendmail.cf")));
  }

  Path queue() {
    return root.resolve("spool");
  }

  Path configuration() {
    return root.resolve("conf");
  }

  /** What this version brought for a Postfix. */
  Path files() {
    return root.resolve("share");
  }

  void mode(String path, String mode) {
    try {
      Files.setPosixFilePermissions(root.resolve(path), PosixFilePermissions.fromString(mode));
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  void delete(String path) {
    try {
      Files.delete(root.resolve(path));
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  SpokenTo listen(Path path) {
    try {
      SpokenTo listener =
          new SpokenTo(
              ServerSocketChannel.open(StandardProtocolFamily.UNIX),
              UnixDomainSocketAddress.of(path));
      open.add(listener);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
      return listener;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** Sets a line of main.cf, whatever it was. */
  void main(String name, String value) {
    main = main.replaceAll("(?m)^" + name + " =.*\n", "") + name + " = " + value + "\n";
  }

  /** Changes a master.cf entry. */
  void master(String from, String to) {
    master = master.replaceFirst("(?m)^" + from + "$", to);
  }

  void override(String name, String value) {
    overrides = overrides.replaceAll("(?m)^" + name + " =.*\n", "") + name + " = " + value + "\n";
  }

  void noOverride(String name) {
    overrides = overrides.replaceAll("(?m)^" + name + " =.*\n", "");
  }

  void setting(String line) {
    String key = line.replaceFirst(" =.*", "");
    settings = settings.replaceAll("(?m)^" + key + " =.*\n", "") + line + "\n";
  }

  void noSetting(String key) {
    settings = settings.replaceAll("(?m)^" + key + " =.*\n", "");
  }

  String read(String name) {
    return main.lines()
        .filter(line -> line.startsWith(name + " ="))
        .map(line -> line.replaceFirst(".*? = ?", ""))
        .findFirst()
        .orElse("");
  }

  SpokenTo milter() {
    return milter;
  }

  /** The filter has no answer for this command any more. */
  void unmarked(String command) {
    marks.remove(command);
  }

  /** This table answers, and has nothing in it. */
  void answering(String table) {
    empty = table;
  }

  int port() {
    return port;
  }

  Terminal terminal() {
    return terminal;
  }

  /** This one finding and no other. */
  void expect(int code, String problem, String cure) {
    int actual = check();

    String out = terminal.out();
    assertEquals(code, actual, out);
    assertTrue(out.contains(problem), () -> "missing: " + problem + "\nin: " + out);
    assertTrue(out.contains(cure), () -> "missing: " + cure + "\nin: " + out);
    assertEquals(1, out.lines().filter(l -> l.startsWith("   cure: ")).count(), out);
  }

  int check(String... more) {
    try {
      Files.writeString(root.resolve("journal.conf"), settings);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
    List<String> arguments = new ArrayList<>(List.of("check"));
    arguments.addAll(List.of(more));
    return terminal.type(arguments.toArray(String[]::new));
  }

  @Override
  public String read(Path directory, String... arguments) throws IOException {
    if (!directory.equals(configuration())) {
      throw new IOException("no such Postfix: " + directory);
    }
    return switch (arguments[0]) {
      case "-x" -> main;
      case "-M" -> master;
      case "-Px" -> overrides;
      case "-hx" -> read(arguments[1]);
      default -> throw new IOException("unexpected: " + arguments[0]);
    };
  }

  @Override
  public Optional<String> answer(Path directory, String table, String key) throws IOException {
    if (table.equals(empty)) {
      return Optional.empty();
    }
    if (!table.startsWith("regexp:")) {
      throw new IOException("postmap: fatal: unsupported dictionary type");
    }
    return Optional.ofNullable(marks.get(key));
  }

  private static String fixture(String name) {
    try (InputStream in = ConnectedPostfix.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable resource : open) {
      resource.close();
    }
  }
}
