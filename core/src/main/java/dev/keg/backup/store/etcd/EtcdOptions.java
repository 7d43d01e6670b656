package dev.keg.backup.store.etcd;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The operator's options for a cluster.
 *
 * @param endpoints hosts and ports, in the order to try them
 * @param prefix the prefix of all keys; empty, or ending with a slash
 * @param certificates the PEM file with the certificates to trust instead of the system's
 * @param login empty for a cluster without users
 */
public record EtcdOptions(
    List<String> endpoints,
    String prefix,
    boolean tls,
    Optional<Path> certificates,
    Optional<Login> login) {
  public EtcdOptions {
    endpoints = List.copyOf(endpoints);
    prefix = prefix.replaceAll("^/+|/+$", "");
    prefix = prefix.isEmpty() ? "" : prefix + "/";
  }

  /** A user of the cluster. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  /** The address in messages. */
  String address() {
    return "etcd://"
        + String.join(",", endpoints)
        + (prefix.isEmpty() ? "" : "/" + prefix.replaceAll("/$", ""));
  }
}
