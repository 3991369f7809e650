package org.mailjournal.receipt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Takes mail over SMTP and answers a command as it was told to. */
public final class SubmissionServer implements AutoCloseable {
  /** The answer that is none: the connection is cut. */
  public static final String CUT = "";

  private final ServerSocket server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, Duration> pauses = new ConcurrentHashMap<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final Optional<SSLContext> tls;
  private final boolean implicit;
  private volatile Optional<String> login = Optional.empty();

  /** Without TLS. */
  public SubmissionServer() {
    this(Optional.empty(), false);
  }

  /** With TLS from the start, or as STARTTLS if EHLO is told to offer it. */
  SubmissionServer(Optional<SSLContext> tls, boolean implicit) {
    this.tls = tls;
    this.implicit = implicit;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "submission-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it listens, on loopback. */
  public int port() {
    return server.getLocalPort();
  }

  /** From now on; the command {@code .} is the end of the content. */
  public SubmissionServer answer(String command, String reply) {
    answers.put(command, reply);
    return this;
  }

  /** From now on takes so long for it, as a server whose scanner is busy. */
  SubmissionServer slow(String command, Duration time) {
    pauses.put(command, time);
    return this;
  }

  private void pause(String command) throws IOException {
    try {
      Thread.sleep(pauses.getOrDefault(command, Duration.ZERO).toMillis());
    } catch (InterruptedException closing) {
      throw new InterruptedIOException();
    }
  }

  /** Only for who logs in as {@code name:password}, if EHLO is told to offer it. */
  public SubmissionServer login(String nameAndPassword) {
    login = Optional.of(nameAndPassword);
    return this;
  }

  /** All that clients said, in order; inside TLS with {@code tls} in front. */
  public List<String> commands() {
    return List.copyOf(commands);
  }

  /** The contents that were read to their end, whatever was answered. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        converse(client);
      } catch (IOException gone) {
        // The next one, or the end.
      }
    }
  }

  private void converse(Socket accepted) throws IOException {
    Socket client = implicit ? secured(accepted) : accepted;
    BufferedReader in = reader(client);
    say(client, "220 submission.test");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      commands.add((client instanceof SSLSocket ? "tls " : "") + line);
      String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
      String reply = answers.getOrDefault(verb, usual(verb));
      if (reply.equals(CUT)) {
        return;
      }
      if (verb.equals("AUTH")) {
        reply = identify(client, in, line);
      }
      say(client, reply);
      if (verb.equals("STARTTLS")) {
        client = secured(client);
        in = reader(client);
      }
      if (reply.startsWith("354")) {
        messages.add(content(in));
        pause(".");
        String end = answers.getOrDefault(".", "250 2.0.0 Ok: queued as 4R7");
        if (end.equals(CUT)) {
          return;
        }
        say(client, end);
      }
    }
  }

  private static String usual(String verb) {
    return switch (verb) {
      case "DATA" -> "354 go on";
      case "STARTTLS" -> "220 2.0.0 go on";
      default -> "250 2.0.0 Ok";
    };
  }

  private Socket secured(Socket client) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.orElseThrow().getSocketFactory().createSocket(client, null, client.getPort(), true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }

  private static BufferedReader reader(Socket client) throws IOException {
    return new BufferedReader(
        new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private String identify(Socket client, BufferedReader in, String line) throws IOException {
    String said;
    if (line.startsWith("AUTH PLAIN ")) {
      // RFC 4616: authorization identity, name, password.
      String[] parts = decoded(line.substring("AUTH PLAIN ".length())).split("\0", -1);
      said = parts[1] + ":" + parts[2];
    } else {
      say(client, "334 VXNlcm5hbWU6");
      String name = decoded(in.readLine());
      say(client, "334 UGFzc3dvcmQ6");
      said = name + ":" + decoded(in.readLine());
    }
    return login.filter(said::equals).isPresent() ? "235 2.7.0 come in" : "535 5.7.8 wrong";
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static String content(BufferedReader in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
    }
    return text.toString();
  }

  private static void say(Socket client, String reply) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
