package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A name server on loopback, over UDP, that knows what a test tells it and nothing else. */
public final class NameServer implements AutoCloseable {
  private static final int TTL = 60;
  private static final int LARGEST = 4096;

  private final DatagramSocket socket;
  private final Map<Name, List<Record>> zone = new ConcurrentHashMap<>();
  private final Set<Name> failing = ConcurrentHashMap.newKeySet();

  private NameServer(DatagramSocket socket) {
    this.socket = socket;
  }

  /** One that runs, on any port. */
  public static NameServer start() {
    try {
      NameServer server = new NameServer(new DatagramSocket(Loopback.ipv4(0)));
      Thread thread = new Thread(server::serve, "name-server");
      thread.setDaemon(true);
      thread.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public InetSocketAddress address() {
    return Loopback.ipv4(socket.getLocalPort());
  }

  /** The domain has this exchanger. */
  public NameServer mx(String domain, int preference, String host) {
    return add(new MXRecord(name(domain), DClass.IN, TTL, preference, name(host)));
  }

  /** The domain takes no mail (RFC 7505). */
  public NameServer nullMx(String domain) {
    return mx(domain, 0, ".");
  }

  /** The host has this address. */
  public NameServer host(String host, InetAddress address) {
    return add(
        address.getAddress().length == 4
            ? new ARecord(name(host), DClass.IN, TTL, address)
            : new AAAARecord(name(host), DClass.IN, TTL, address));
  }

  public NameServer alias(String from, String to) {
    return add(new CNAMERecord(name(from), DClass.IN, TTL, name(to)));
  }

  /** Answers SERVFAIL to every question about the name. */
  public NameServer fails(String name) {
    failing.add(name(name));
    return this;
  }

  /** Answers questions about the name again. */
  public NameServer recovers(String name) {
    failing.remove(name(name));
    return this;
  }

  private NameServer add(Record record) {
    zone.merge(
        record.getName(),
        List.of(record),
        (old, more) -> {
          List<Record> both = new ArrayList<>(old);
          both.addAll(more);
          return both;
        });
    return this;
  }

  private static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private void serve() {
    byte[] buffer = new byte[LARGEST];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        byte[] answer =
            answer(new Message(Arrays.copyOf(packet.getData(), packet.getLength()))).toWire();
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        // What is no question gets no answer; and it ends when the socket is closed.
      }
    }
  }

  private Message answer(Message query) {
    Record question = query.getQuestion();
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    answer.addRecord(question, Section.QUESTION);
    List<Record> known = zone.getOrDefault(question.getName(), List.of());
    if (failing.contains(question.getName())) {
      answer.getHeader().setRcode(Rcode.SERVFAIL);
    } else if (known.isEmpty()) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    }
    List<Record> wanted =
        known.stream()
            .filter(r -> r.getType() == question.getType() || r.getType() == Type.CNAME)
            .filter(r -> answer.getRcode() == Rcode.NOERROR)
            .toList();
    wanted.forEach(record -> answer.addRecord(record, Section.ANSWER));
    if (wanted.isEmpty()) {
      // RFC 2308: without it the lack would not be believed.
      answer.addRecord(
          new SOARecord(Name.root, DClass.IN, TTL, Name.root, Name.root, 1, 1, 1, 1, 1),
          Section.AUTHORITY);
    }
    return answer;
  }

  @Override
  public void close() {
    socket.close();
  }
}
