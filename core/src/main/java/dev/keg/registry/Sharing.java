package dev.keg.registry;

/** Makes a root this host's part of a registry that several hosts share. */
@FunctionalInterface
public interface Sharing {
  /** The catalog of all hosts' volumes, with those of the files on this host. */
  Catalog join(Catalog files, RegistryLock lock);
}
