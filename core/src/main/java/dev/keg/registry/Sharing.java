package dev.keg.registry;

/** Makes a root this host's part of a registry that several hosts share. */
@FunctionalInterface
public interface Sharing {
  /** The volumes of all hosts, of which this host has those of the files. */
  Catalog join(Catalog files, RegistryLock lock);
}
