package org.mailjournal.egress;

import java.net.IDN;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Looks up a domain's exchangers and their addresses (RFC 5321 section 5.1, RFC 7505). */
final class Exchangers {
  /**
   * Sharp s, final sigma and the two joiners. RFC 5891, which RFC 6531 asks for, keeps them; Java's
   * IDN is RFC 3490, which makes others of them or nothing, and so another domain, somebody else's.
   */
  private static final String DEVIATIONS = "\u00df\u03c2\u200c\u200d";

  private final NameServers servers;
  private final Settings.Dns settings;
  private final Set<String> ownNames = new HashSet<>();
  private final Random random;
  private final Watchdog watchdog;

  Exchangers(Settings settings, Random random, Watchdog watchdog) {
    this.settings = settings.dns();
    this.random = random;
    this.watchdog = watchdog;
    this.servers = new NameServers(settings.dns(), Path.of("/etc/resolv.conf"));
    ownNames.add(settings.hostName().toLowerCase(Locale.ROOT));
    settings.mtaNames().forEach(name -> ownNames.add(name.toLowerCase(Locale.ROOT)));
  }

  /** One exchanger and its addresses. */
  private record Exchanger(String host, int preference, List<InetAddress> addresses) {}

  /** What the name servers say of a name and type. */
  private sealed interface Found {
    record Records(List<Record> records) implements Found {}

    record NoneOfThatType() implements Found {}

    record NoSuchDomain() implements Found {}

    record Unknown(String problem, Throwable cause) implements Found {}
  }

  /** Where mail for the domain goes, best first. */
  List<Target> of(String domain, int port, int limit) throws HopException {
    List<Exchanger> known = new ArrayList<>();
    String problem = "";
    List<MXRecord> records = shuffled(records(domain)).stream().limit(limit).toList();
    // All at once: each may take all its time, and our client waits.
    List<List<Question>> questions = records.stream().map(r -> addresses(r.getTarget())).toList();
    for (int i = 0; i < records.size(); i++) {
      Name host = records.get(i).getTarget();
      List<InetAddress> addresses = new ArrayList<>();
      problem = problem + addresses(host, questions.get(i), addresses);
      known.add(new Exchanger(host.toString(true), records.get(i).getPriority(), addresses));
    }
    List<Target> targets = new ArrayList<>();
    for (Exchanger exchanger : withoutLoops(domain, known)) {
      exchanger.addresses().forEach(a -> targets.add(Target.of(exchanger.host(), a, port)));
    }
    if (targets.isEmpty()) {
      throw problem.isEmpty()
          ? HopException.ours(451, "4.4.4", "no exchanger of " + domain + " has an address", null)
          : HopException.ours(451, "4.4.3", "exchangers of " + domain + ": " + problem, null);
    }
    return targets;
  }

  /** Fails for an address that is this machine. */
  void refuseOurselves(String domain, InetAddress address) throws HopException {
    if (isOurs(address)) {
      throw loop(domain);
    }
  }

  private static HopException loop(String domain) {
    return HopException.ours(451, "4.4.6", "mail for " + domain + " would come back to us", null);
  }

  /** Ourselves and what is not better than ourselves are left out (RFC 5321 section 5.1). */
  private List<Exchanger> withoutLoops(String domain, List<Exchanger> known) throws HopException {
    int limit =
        known.stream()
            .filter(e -> isOurs(e.host()) || e.addresses().stream().anyMatch(this::isOurs))
            .mapToInt(Exchanger::preference)
            .min()
            .orElse(Integer.MAX_VALUE);
    List<Exchanger> better = known.stream().filter(e -> e.preference() < limit).toList();
    if (better.isEmpty()) {
      throw loop(domain);
    }
    return better;
  }

  private boolean isOurs(String host) {
    return ownNames.contains(host.toLowerCase(Locale.ROOT));
  }

  private boolean isOurs(InetAddress address) {
    if (settings.own().isPresent()) {
      return settings.own().get().contains(address);
    }
    try {
      return address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException cannotTell) {
      return false;
    }
  }

  private List<MXRecord> records(String domain) throws HopException {
    Name name = name(domain);
    Found found = look(name, Type.MX);
    if (found instanceof Found.Records records) {
      List<MXRecord> exchangers =
          records.records().stream()
              .filter(MXRecord.class::isInstance)
              .map(MXRecord.class::cast)
              .toList();
      if (exchangers.size() == 1 && exchangers.get(0).getTarget().equals(Name.root)) {
        throw HopException.ours(556, "5.1.10", domain + " takes no mail (null MX)", null);
      }
      return exchangers;
    } else if (found instanceof Found.NoSuchDomain) {
      throw HopException.ours(550, "5.1.2", domain + " does not exist", null);
    } else if (found instanceof Found.Unknown unknown) {
      throw HopException.ours(
          451, "4.4.3", "exchangers of " + domain + ": " + unknown.problem(), unknown.cause());
    }
    return implicit(domain, name);
  }

  /** A domain without MX records is its own exchanger, if it has an address. */
  private List<MXRecord> implicit(String domain, Name name) throws HopException {
    if (look(name, Type.A) instanceof Found.NoneOfThatType
        && look(name, Type.AAAA) instanceof Found.NoneOfThatType) {
      throw HopException.ours(550, "5.1.2", domain + " has neither MX nor address", null);
    }
    return List.of(new MXRecord(name, DClass.IN, 0, 0, name));
  }

  private static Name name(String domain) throws HopException {
    if (domain.chars().anyMatch(c -> DEVIATIONS.indexOf(c) >= 0)) {
      throw HopException.ours(
          550, "5.1.2", domain + " has a letter that only its A-label (xn--...) can name", null);
    }
    try {
      // What is no letter of Unicode 3.2, which Java's IDN knows, is taken as it stands.
      return Name.fromString(IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED), Name.root);
    } catch (TextParseException | IllegalArgumentException malformed) {
      throw HopException.ours(550, "5.1.2", domain + " is no domain", malformed);
    }
  }

  private List<Question> addresses(Name host) {
    return List.of(new Question(host, Type.AAAA), new Question(host, Type.A));
  }

  /**
   * Adds them, IPv6 first (RFC 6724), then in turns (RFC 8305 section 4): of many no more than some
   * are tried, and one family may be out of reach.
   *
   * @return what went wrong, in words
   */
  private String addresses(Name host, List<Question> questions, List<InetAddress> into) {
    String problem = "";
    List<Iterator<InetAddress>> families = new ArrayList<>();
    for (Question question : questions) {
      Found found = question.answer();
      if (found instanceof Found.Records records) {
        families.add(records.records().stream().flatMap(Exchangers::address).iterator());
      } else if (found instanceof Found.Unknown unknown) {
        problem = host.toString(true) + " " + unknown.problem() + " ";
      }
    }
    while (families.stream().anyMatch(Iterator::hasNext)) {
      families.stream().filter(Iterator::hasNext).forEach(family -> into.add(family.next()));
    }
    return problem;
  }

  private static Stream<InetAddress> address(Record record) {
    if (record instanceof AAAARecord six) {
      return Stream.of(six.getAddress());
    }
    return record instanceof ARecord four ? Stream.of(four.getAddress()) : Stream.empty();
  }

  private List<MXRecord> shuffled(List<MXRecord> records) {
    TreeMap<Integer, List<MXRecord>> byPreference = new TreeMap<>();
    records.stream()
        .sorted(Comparator.comparing(r -> r.getTarget().toString()))
        .forEach(r -> byPreference.computeIfAbsent(r.getPriority(), p -> new ArrayList<>()).add(r));
    List<MXRecord> all = new ArrayList<>();
    for (List<MXRecord> equal : byPreference.values()) {
      Collections.shuffle(equal, random);
      all.addAll(equal);
    }
    return all;
  }

  private Found look(Name name, int type) {
    return new Question(name, type).answer();
  }

  /** One that the name servers were asked. */
  private final class Question {
    private final CompletableFuture<LookupResult> lookup;
    private final Watchdog.Guard guard;

    private Question(Name name, int type) {
      lookup = servers.session().lookupAsync(name, type).toCompletableFuture();
      // It has so long, and no longer than the relay.
      guard = watchdog.guard(() -> lookup.cancel(false));
      guard.arm(settings.timeout());
    }

    private Found answer() {
      try {
        LookupResult result = lookup.get();
        return result.getRecords().isEmpty()
            ? new Found.NoneOfThatType()
            : new Found.Records(result.getRecords());
      } catch (ExecutionException failed) {
        return found(failed.getCause());
      } catch (CancellationException ended) {
        return new Found.Unknown(
            guard.hasFired() ? "the name servers are silent" : "the relay stops", ended);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return new Found.Unknown("the relay stops", stopped);
      } finally {
        guard.close();
      }
    }
  }

  private static Found found(Throwable failure) {
    if (failure instanceof NoSuchDomainException) {
      return new Found.NoSuchDomain();
    } else if (failure instanceof NoSuchRRSetException) {
      return new Found.NoneOfThatType();
    }
    return new Found.Unknown("the name servers fail", failure);
  }
}
