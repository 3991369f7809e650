package org.mailjournal.protocol;

/** Makes a session for every client of the MTA. Called on event loops: never blocks. */
@FunctionalInterface
public interface SessionFactory {
  MilterSession open();
}
