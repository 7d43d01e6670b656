/**
 * The store of records that is an etcd cluster, asked by its JSON gateway. Depends on {@code store}
 * and its HTTP client.
 */
@NullMarked
package dev.keg.backup.store.etcd;

import org.jspecify.annotations.NullMarked;
