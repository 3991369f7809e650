/**
 * The {@code journal} command: what a person or a script asks, answered from the journal. Knows the
 * journal's way out and the configuration; who opens a journal or runs the daemon is handed in.
 */
package org.mailjournal.cli;
