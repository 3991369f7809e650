package org.mailjournal.journal;

/**
 * An event in its place in the journal.
 *
 * @param sequence from 1, growing, never given twice; gaps mean nothing
 */
public record RecordedEvent(long sequence, Event event) {}
