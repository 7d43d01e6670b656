package dev.keg.backup.store.etcd;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.http.Sending;
import dev.keg.backup.store.http.TrustedRoots;
import dev.keg.registry.record.RecordStore;
import java.net.http.HttpClient;
import java.util.function.Consumer;

/** Opens clusters. */
public final class EtcdSetup {
  private EtcdSetup() {}

  public static RecordStore open(EtcdOptions options, Backoff backoff, Consumer<String> debug)
      throws StoreException {
    HttpClient.Builder http = Sending.client();
    if (options.certificates().isPresent()) {
      http.sslContext(
          TrustedRoots.context(options.address(), "cacert", options.certificates().get()));
    }
    return new EtcdRecords(new EtcdClient(options, http.build(), backoff, debug), options.prefix());
  }
}
