/**
 * The milter protocol, versions 2 to 6: packets to commands and back, connections as states. Knows
 * jmilter's numbers and Netty, and no policy.
 */
package org.mailjournal.protocol;
