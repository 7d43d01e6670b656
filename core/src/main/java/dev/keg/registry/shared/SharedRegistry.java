package dev.keg.registry.shared;

import dev.keg.error.RegistryException.ChangedMeanwhile;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.NoSharedRegistry;
import dev.keg.error.RegistryException.OtherRegistry;
import dev.keg.error.RegistryException.StoreRefused;
import dev.keg.file.AtomicFile;
import dev.keg.file.CreationMode;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.Catalog;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.RegistryLock;
import dev.keg.registry.Sharing;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.record.RecordStore.StoredRecord;
import dev.keg.registry.shared.Acceptance.Acceptable;
import dev.keg.volume.VolumeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A registry in a store, with a root as this host's part of it. Its own record is {@code keg.json}:
 *
 * <pre>{"schema":1,"copyOf":"s3://bucket/keg","deletes":true,"registry":"…"}</pre>
 *
 * <p>It is a copy until the first host joins it; from then on nothing overwrites what hosts write.
 */
public final class SharedRegistry implements Sharing {
  private static final String KEY = "keg.json";
  private static final long SCHEMA = 1;
  private static final int ATTEMPTS = 3;

  private final RecordStore store;
  private final RegistryLayout layout;
  private final Surroundings surroundings;
  private @Nullable Membership membership;
  private @Nullable Hosts hosts;
  private @Nullable RegistryCheck check;

  /**
   * The environment of a host.
   *
   * @param hostName the host's own name
   * @param pause waits
   * @param acceptable decides which volumes other hosts may define
   */
  public record Surroundings(
      String hostName,
      DirectorySync sync,
      RandomGenerator random,
      Consumer<Duration> pause,
      Acceptable acceptable,
      Consumer<String> notice,
      Consumer<String> debug) {}

  public SharedRegistry(RecordStore store, RegistryLayout layout, Surroundings surroundings) {
    this.store = store;
    this.layout = layout;
    this.surroundings = surroundings;
  }

  public String address() {
    return store.address();
  }

  /** This host's name in the registry. */
  public String hostName() {
    return surroundings.hostName();
  }

  /** Creates a registry in the store; returns false if there is one already. */
  public boolean init() {
    boolean deletes = store.probe();
    if (description().isPresent()) {
      return false;
    }
    return describe(
        new Description(VolumeId.random(surroundings.random()).text(), deletes, Optional.empty()));
  }

  /** Writes the description; returns false if somebody else has done so. */
  boolean describe(Description description) {
    return store.put(KEY, description.text(), RecordStore.NONE).isPresent();
  }

  RecordStore store() {
    return store;
  }

  /**
   * The description.
   *
   * @param copyOf the address of the original, until the first host joins
   */
  record Description(String registry, boolean deletes, Optional<String> copyOf) {
    String text() {
      JsonObject json =
          JsonObject.ofSchema(SCHEMA).put("deletes", deletes).put("registry", registry);
      copyOf.ifPresent(address -> json.put("copyOf", address));
      return json.line();
    }
  }

  Optional<Description> description() {
    Optional<StoredRecord> found = store.get(KEY);
    return found.map(record -> description(record.text()));
  }

  // Before this host writes anything else, so that no copy overwrites it.
  private Description begin() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      StoredRecord found = store.get(KEY).orElseThrow(() -> new NoSharedRegistry(store.address()));
      Description read = description(found.text());
      Description begun = new Description(read.registry(), read.deletes(), Optional.empty());
      if (read.equals(begun) || store.put(KEY, begun.text(), found.version()).isPresent()) {
        return begun;
      }
    }
    throw new ChangedMeanwhile("join", store.address());
  }

  private Description description(String text) {
    String name = store.address() + ": " + KEY;
    try {
      JsonDocument json = JsonDocument.read(name, SCHEMA, text.getBytes(StandardCharsets.UTF_8));
      Description read =
          new Description(
              json.text("registry"), json.truth("deletes"), json.optionalText("copyOf"));
      json.end();
      return read;
    } catch (InvalidDocument e) {
      throw new Damaged(name, String.valueOf(e.getMessage()));
    }
  }

  /** The root's membership; joins the registry if the root is not a member of any. */
  public synchronized Membership membership() {
    if (membership == null) {
      Optional<Membership> known = read();
      membership =
          known
              .filter(member -> member.address().equals(store.address()))
              .orElseGet(() -> join(known));
    }
    return membership;
  }

  /** Whether the root is a member of it, by this address. */
  boolean isJoined() {
    return read().filter(member -> member.address().equals(store.address())).isPresent();
  }

  private Optional<Membership> read() {
    Path file = layout.membership();
    return FileFailures.translate(
        "read",
        file,
        () -> {
          try {
            return Optional.of(Membership.read(file, SmallFile.read(file)));
          } catch (NoSuchFileException _) {
            return Optional.empty();
          }
        });
  }

  // Each host probes each address once, since another address may be another server.
  private Membership join(Optional<Membership> known) {
    Description registry = description().orElseThrow(() -> new NoSharedRegistry(store.address()));
    known
        .filter(member -> !member.registry().equals(registry.registry()))
        .ifPresent(
            member -> {
              throw new OtherRegistry(layout.root().toString(), member.address(), store.address());
            });
    if (!store.probe() && registry.deletes()) {
      throw new StoreRefused(
          store.address()
              + ": it ignores conditions on deletions, but the server where the registry was"
              + " created did not",
          "use the address at which it was created",
          null);
    }
    var _ = begin();
    String host = known.map(Membership::host).orElseGet(SharedRegistry::newHost);
    Membership joined =
        new Membership(store.address(), host, registry.registry(), registry.deletes());
    FileFailures.run("join " + store.address(), layout.root(), () -> write(joined));
    return joined;
  }

  // Not from the command's own generator: machines that start together may have equal seeds.
  private static String newHost() {
    byte[] id = new byte[16];
    new SecureRandom().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private void write(Membership joined) throws IOException {
    for (Path directory : List.of(layout.cache(), layout.pending())) {
      Files.createDirectories(directory, CreationMode.ownersDirectory(directory));
    }
    Path draft = layout.pending().resolve(".shared." + joined.host());
    Files.deleteIfExists(draft);
    AtomicFile.replace(layout.membership(), draft, joined.bytes(), surroundings.sync());
  }

  @Override
  public Catalog join(Catalog files, RegistryLock lock) {
    Member member = member();
    SharedRecords records = records();
    Settling settling = new Settling(member, files, records, lock);
    hosts = new Hosts(store, membership(), member, records, settling);
    Acceptance acceptance = new Acceptance(member, files, surroundings.acceptable());
    check = new RegistryCheck(member, files, records, acceptance, settling.pending());
    return new SharedCatalog(member, files, records, acceptance, settling);
  }

  Member member() {
    return new Member(
        membership().host(),
        surroundings.hostName(),
        layout,
        surroundings.sync(),
        surroundings.notice(),
        surroundings.debug());
  }

  /** The hosts of the registry, which this one has joined. */
  public Hosts hosts() {
    return Objects.requireNonNull(hosts);
  }

  /** Compares the registry with the files of this host, which has joined it. */
  public RegistryCheck check() {
    return Objects.requireNonNull(check);
  }

  /** Removes this host from the list of hosts. */
  void forgetHost() {
    String key = HostRecord.key(membership().host());
    if (membership().deletes()) {
      store.get(key).ifPresent(record -> store.delete(key, record.version()));
    }
  }

  SharedRecords records() {
    return new SharedRecords(
        store,
        membership(),
        new RecordCache(layout.cache(), surroundings.random(), surroundings.debug()),
        surroundings);
  }
}
