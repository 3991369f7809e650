package org.mailjournal.egress;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Keeps the last session with a next hop for the next transaction of the same client. */
final class HopKeeper {
  private final Connector connector;
  private final Duration limit;
  private final BooleanSupplier clientGone;
  private NextHop kept;

  HopKeeper(Connector connector, Duration limit, BooleanSupplier clientGone) {
    this.connector = connector;
    this.limit = limit;
    this.clientGone = clientGone;
  }

  /** The kept one if it goes there and is still willing, else a new one. */
  NextHop take(Destination destination, Journey journey) throws HopException {
    NextHop hop = kept;
    kept = null;
    if (hop != null && hop.claim()) {
      if (hop.destination().equals(destination) && hop.isReady(limit)) {
        return hop;
      }
      hop.quit();
    }
    return connector.open(destination, journey, clientGone);
  }

  /** One in the place of one that puts the mail off, if there is another place to go to. */
  Optional<NextHop> instead(Destination destination, Journey journey) throws HopException {
    return clientGone.getAsBoolean() ? Optional.empty() : connector.instead(destination, journey);
  }

  /** Takes one back that has done its transaction. */
  void give(NextHop hop) {
    try {
      hop.reset();
      if (hop.keep()) {
        kept = hop;
      } else {
        hop.quit();
      }
    } catch (HopException gone) {
      hop.close();
    }
  }

  void quit() {
    if (kept != null && kept.claim()) {
      kept.quit();
    }
    kept = null;
  }
}
