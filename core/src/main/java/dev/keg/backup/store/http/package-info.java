/**
 * The common parts of HTTP stores: requests that wait as long as data flows, and explanations of
 * broken connections. Depends on {@code store} and the JDK's HTTP client.
 */
@NullMarked
package dev.keg.backup.store.http;

import org.jspecify.annotations.NullMarked;
