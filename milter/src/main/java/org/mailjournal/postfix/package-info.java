/**
 * The pass tap: Postfix's queue manager tells us of each pass over a message through its private
 * attribute protocol, and the pass's own bounce, defer and trace files say what became of whom.
 */
package org.mailjournal.postfix;
