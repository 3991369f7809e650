package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.config.Key;

/** Whether the relay can use the files that it is given: authorities, and logins for smarthosts. */
final class RelayFilesCheck implements Check {
  private final Services services;

  RelayFilesCheck(Services services) {
    this.services = services;
  }

  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    Config config = subject.config();
    if (config.egress().isPresent()) {
      Path journal = services.receiptSettings(config).signing().ownKeyFile().getParent();
      config.egress().get().trust().ifPresent(file -> trust(file, journal, findings));
      List<Config.Route> routes = config.egress().get().routes();
      for (int i = 0; i < routes.size(); i++) {
        String setting = Key.EGRESS_ROUTES.path() + "." + (i + 1) + ".credentials";
        credentials(setting, routes.get(i), journal, findings);
      }
    }
    return findings;
  }

  private void trust(Path file, Path journal, List<Finding> findings) {
    String setting = Key.EGRESS_TRUST.path();
    String otherwise = "the daemon does not start then";
    Optional<String> why = services.relayTrustProblem(file);
    if (why.isPresent()) {
      findings.add(
          Finding.configuration(
              setting + " = " + file + " cannot be used (" + why.get() + "): " + otherwise,
              "name a readable file of certificates in PEM, or leave it out for those that Java"
                  + " comes with"));
      return;
    }
    FileRights.daemon(setting, file, journal, otherwise).ifPresent(findings::add);
  }

  private void credentials(
      String setting, Config.Route route, Path journal, List<Finding> findings) {
    if (route.credentials().isEmpty()) {
      return;
    }
    Path file = route.credentials().get();
    String otherwise = "mail by this route is deferred then (451 4.3.5)";
    Optional<String> why = services.relayCredentialsProblem(file);
    if (why.isPresent()) {
      findings.add(
          Finding.configuration(
              setting + " = " + file + ": " + why.get() + ": " + otherwise,
              "let it have the login name in its first line and the password in its second, and be"
                  + " readable by the daemon's user"));
      return;
    }
    FileRights.everybody(setting, file).ifPresent(findings::add);
    FileRights.daemon(setting, file, journal, otherwise).ifPresent(findings::add);
  }
}
