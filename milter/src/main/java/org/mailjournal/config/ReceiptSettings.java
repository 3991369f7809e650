package org.mailjournal.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.config.Config.Give;

/** {@code receipts.*}: who gets a receipt, and how it is written and sent. */
final class ReceiptSettings {
  private static final int MOST = 1_000_000;
  private static final Predicate<String> IS_LOGIN = Pattern.compile("\\S+").asMatchPredicate();
  // RFC 5322 section 2.2: printable US-ASCII without the colon.
  private static final Predicate<String> IS_FIELD =
      Pattern.compile("[!-9;-~]{1,76}").asMatchPredicate();
  private static final Predicate<String> IS_TAG =
      Pattern.compile("[A-Za-z0-9-]{1,64}").asMatchPredicate();
  private static final Pattern PLACE =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)\\]|([A-Za-z0-9._-]+)):([0-9]{1,5})");
  private static final Set<String> LANGUAGES = Set.of("en", "de", "fr", "it", "es", "nl");
  private static final Set<String> WHO = Set.of("sender", "domain", "login");

  private final Settings settings;
  private final List<Problem> problems;

  ReceiptSettings(Settings settings, List<Problem> problems) {
    this.settings = settings;
    this.problems = problems;
  }

  Config.Receipts read() {
    return new Config.Receipts(
        choice(Key.RECEIPTS_GIVE, Give.class),
        rules(),
        texts(Key.RECEIPTS_DOMAINS, AddressShape.IS_DOMAIN, settings.list(Key.RECEIPTS_DOMAINS)),
        logins(),
        requestHeaders(),
        matching(Key.RECEIPTS_PLUS_TAG, IS_TAG),
        settings
            .period(Key.RECEIPTS_PATIENCE, Duration.ofSeconds(1), Duration.ofDays(5))
            .orElse(Duration.ZERO),
        settings.flag(Key.RECEIPTS_ONLY),
        submit(),
        settings.number(Key.RECEIPTS_LIMIT, 1, MOST),
        matching(Key.RECEIPTS_FROM, AddressShape.IS_ADDRESS),
        settings.text(Key.RECEIPTS_NAME).orElse(""),
        language(),
        choice(Key.RECEIPTS_RETURN, Config.Return.class),
        settings.path(Key.RECEIPTS_KEY),
        keyPassword());
  }

  private Optional<Path> keyPassword() {
    Optional<Path> password = settings.path(Key.RECEIPTS_KEY_PASSWORD);
    if (password.isPresent() && !settings.has(Key.RECEIPTS_KEY)) {
      settings.problem(
          Key.RECEIPTS_KEY_PASSWORD,
          "has no effect without "
              + Key.RECEIPTS_KEY.path()
              + ", as the key that is made at first use has none; set that too");
    }
    return password;
  }

  private <E extends Enum<E>> E choice(Key key, Class<E> choices) {
    String word = settings.text(key).orElse("");
    Optional<E> choice = choice(word, choices);
    if (choice.isEmpty()) {
      settings.bad(key);
    }
    return choice.orElse(choices.getEnumConstants()[0]);
  }

  private static <E extends Enum<E>> Optional<E> choice(String word, Class<E> choices) {
    for (E choice : choices.getEnumConstants()) {
      if (choice.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word)) {
        return Optional.of(choice);
      }
    }
    return Optional.empty();
  }

  private Optional<String> matching(Key key, Predicate<String> shape) {
    Optional<String> text = settings.text(key);
    if (text.filter(shape.negate()).isPresent()) {
      settings.bad(key);
    }
    return text;
  }

  private List<String> requestHeaders() {
    return settings.has(Key.RECEIPTS_REQUEST_HEADERS)
        ? texts(Key.RECEIPTS_REQUEST_HEADERS, IS_FIELD, settings.list(Key.RECEIPTS_REQUEST_HEADERS))
        : List.of(
            Key.RECEIPTS_REQUEST_HEADERS.byDefault().orElseThrow().replaceAll("[\\[\\]]", ""));
  }

  private List<String> texts(Key key, Predicate<String> shape, List<ConfigValue> entries) {
    List<String> texts = new ArrayList<>();
    for (ConfigValue entry : entries) {
      Optional<String> text = Values.text(entry).filter(shape);
      text.ifPresent(texts::add);
      if (text.isEmpty()) {
        problems.add(Values.problem(key.path(), entry, "expected " + key.form()));
      }
    }
    return texts;
  }

  private Config.Submit submit() {
    String host = "";
    int port = 0;
    Matcher place = PLACE.matcher(settings.text(Key.RECEIPTS_SUBMIT).orElse(""));
    if (place.matches()) {
      host = place.group(1) == null ? place.group(2) : place.group(1);
      port = Integer.parseInt(place.group(3));
    }
    if (port < 1 || port > 65_535) {
      settings.bad(Key.RECEIPTS_SUBMIT);
    }
    Config.Tls tls = choice(Key.RECEIPTS_SUBMIT_TLS, Config.Tls.class);
    Optional<Path> credentials = settings.path(Key.RECEIPTS_SUBMIT_CREDENTIALS);
    if (credentials.isPresent() && tls == Config.Tls.OFF && !isLoopback(host)) {
      settings.problem(
          Key.RECEIPTS_SUBMIT_CREDENTIALS,
          "the password would go over the network readable by all; set "
              + Key.RECEIPTS_SUBMIT_TLS.path()
              + " to starttls or implicit");
    }
    Optional<Path> trust = settings.path(Key.RECEIPTS_SUBMIT_TRUST);
    if (trust.isPresent() && tls == Config.Tls.OFF) {
      settings.problem(
          Key.RECEIPTS_SUBMIT_TRUST,
          "has no effect while "
              + Key.RECEIPTS_SUBMIT_TLS.path()
              + " is off; set that to starttls or implicit");
    }
    return new Config.Submit(host, port, tls, credentials, trust);
  }

  private static boolean isLoopback(String host) {
    return ListenNotation.isLoopback(new Config.Listen.Inet(host, 0));
  }

  private Optional<String> language() {
    String word = settings.text(Key.RECEIPTS_LANGUAGE).orElse("");
    if (!word.equals("auto") && !LANGUAGES.contains(word)) {
      settings.bad(Key.RECEIPTS_LANGUAGE);
    }
    return Optional.of(word).filter(LANGUAGES::contains);
  }

  private List<Config.Rule> rules() {
    List<Config.Rule> rules = new ArrayList<>();
    for (ConfigValue entry : settings.list(Key.RECEIPTS_RULES)) {
      Optional<Config.Rule> rule = entry instanceof ConfigObject o ? rule(o) : Optional.empty();
      rule.ifPresent(rules::add);
      if (rule.isEmpty()) {
        bad(Key.RECEIPTS_RULES, entry);
      }
    }
    return rules;
  }

  private static Optional<Config.Rule> rule(ConfigObject entry) {
    Set<String> names = new TreeSet<>(entry.keySet());
    Optional<Give> give = text(entry, "give").flatMap(word -> choice(word, Give.class));
    names.remove("give");
    if (give.isEmpty() || names.size() != 1 || !WHO.containsAll(names)) {
      return Optional.empty();
    }
    String what = names.iterator().next();
    Predicate<String> shape =
        switch (what) {
          case "sender" -> AddressShape.IS_ADDRESS;
          case "domain" -> AddressShape.IS_DOMAIN;
          default -> IS_LOGIN;
        };
    return text(entry, what).filter(shape).map(value -> new Config.Rule(what, value, give.get()));
  }

  private List<Config.Login> logins() {
    List<Config.Login> logins = new ArrayList<>();
    for (ConfigValue entry : settings.list(Key.RECEIPTS_LOGINS)) {
      Optional<Config.Login> login = entry instanceof ConfigObject o ? login(o) : Optional.empty();
      login.ifPresent(logins::add);
      if (login.isEmpty()) {
        bad(Key.RECEIPTS_LOGINS, entry);
      }
    }
    return logins;
  }

  private static Optional<Config.Login> login(ConfigObject entry) {
    if (!entry.keySet().equals(Set.of("login", "senders"))
        || !(entry.get("senders") instanceof ConfigList senders)) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (ConfigValue sender : senders) {
      Values.text(sender)
          .filter(AddressShape.IS_ADDRESS.or(AddressShape.IS_DOMAIN))
          .ifPresent(names::add);
    }
    return names.size() == senders.size()
        ? text(entry, "login").map(login -> new Config.Login(login, names))
        : Optional.empty();
  }

  private static Optional<String> text(ConfigObject entry, String name) {
    return Optional.ofNullable(entry.get(name)).flatMap(Values::text);
  }

  private void bad(Key key, ConfigValue entry) {
    problems.add(Values.problem(key.path(), entry, "expected " + key.form()));
  }
}
