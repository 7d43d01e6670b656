/**
 * What every store behind HTTP needs: requests that are waited for as long as something happens,
 * and words for connections that break. Depends on {@code store} and the JDK's HTTP client.
 */
@NullMarked
package dev.keg.backup.store.http;

import org.jspecify.annotations.NullMarked;
