package dev.keg.backup.store.s3;

import dev.keg.backup.store.StoreException;

/** Gives credentials that hold now; those of a long backup may have to be renewed in its middle. */
@FunctionalInterface
interface CredentialSource {
  Credentials current() throws StoreException;
}
