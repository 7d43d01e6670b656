package dev.keg.backup.repository;

import dev.keg.backup.repository.BackupCatalog.History;
import dev.keg.backup.repository.rest.Copied;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.ForgetFailed;
import dev.keg.error.BackupException.NoRepository;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The backups at one location. Any number of processes on any number of machines may use it at
 * once, without locks.
 */
public final class Repository implements AutoCloseable {
  /** The file that marks a directory as a repository. */
  public static final String DESCRIPTION = RepositoryLayout.DESCRIPTION.text();

  /** The file that replaces it during an upgrade. */
  public static final String UPGRADE = RepositoryLayout.UPGRADE.text();

  /** The folder of the objects that make backups exist. */
  public static final String HEADS = RepositoryLayout.BACKUPS;

  /** How long unreferenced data is kept. */
  static final Duration GRACE = Duration.ofHours(24);

  private final ObjectStore store;
  private final InstantSource clock;
  private final RandomGenerator random;

  private final Optional<Description> description;
  private final boolean isNew;
  private Witness witness = Witness.NONE;

  private Repository(
      ObjectStore store,
      InstantSource clock,
      RandomGenerator random,
      Optional<Description> description,
      boolean isNew) {
    this.store = store;
    this.description = description;
    this.isNew = isNew;
    this.clock = clock;
    this.random = random;
  }

  /** Opens an existing repository. */
  public static Repository open(ObjectStore store, InstantSource clock, RandomGenerator random) {
    return StoreFailures.translate(
        () -> {
          Optional<Description> found = Description.find(store);
          if (found.isEmpty() && store.list(RepositoryLayout.BACKUPS).isEmpty()) {
            throw new NoRepository(store.address());
          }
          return new Repository(store, clock, random, found, false);
        });
  }

  /** Opens a repository, and creates it first if there is none. */
  public static Repository openOrCreate(
      ObjectStore store, InstantSource clock, RandomGenerator random) {
    return StoreFailures.translate(
        () -> {
          Optional<Description> found = Description.find(store);
          if (found.isPresent()) {
            return new Repository(store, clock, random, found, false);
          }
          boolean wasEmpty = store.list(RepositoryLayout.BACKUPS).isEmpty();
          Description made = Description.random(random, clock.instant());
          return Description.create(store, made)
              ? new Repository(store, clock, random, Optional.of(made), wasEmpty)
              : new Repository(store, clock, random, Description.find(store), false);
        });
  }

  /** A repository that a host only writes to, with the description from its key. */
  public static Repository described(
      ObjectStore store, InstantSource clock, RandomGenerator random, byte[] description) {
    return StoreFailures.translate(
        () ->
            new Repository(
                store, clock, random, Optional.of(Description.parse(store, description)), false));
  }

  /** The repository's description, for {@link #described}. */
  public static byte[] description(ObjectStore store) throws StoreException {
    return Description.find(store)
        .map(Description::bytes)
        .orElseThrow(() -> new NoRepository(store.address()));
  }

  /**
   * Upgrades to format 2, whose archives share index pages and content. Existing data stays
   * unchanged; older versions of Keg refuse the repository from then on.
   */
  public void upgrade() {
    StoreFailures.run(
        () -> {
          if (description.isPresent()) {
            Description.upgrade(store);
          } else {
            Description.create(store, Description.random(random, clock.instant()));
          }
        });
  }

  /** The same, watched by a witness. */
  public Repository watchedBy(Witness other) {
    witness = other;
    return this;
  }

  /** Distinguishes it from others at the same location; empty if it has no description. */
  public Optional<String> id() {
    return description.map(Description::id);
  }

  /** Whether its archives share index pages and content, that is, format 2. */
  public boolean isSharing() {
    return description.filter(found -> found.format() == Description.SHARING).isPresent();
  }

  /** The key of the content hashes, 16 bytes in hexadecimal. */
  public Optional<String> key() {
    return description.flatMap(Description::key);
  }

  /** Whether this process created the repository, so that nobody else wrote to it before. */
  public boolean isNew() {
    return isNew;
  }

  /** Its location, without secrets. */
  public String address() {
    return store.address();
  }

  /** The objects themselves, for restoring. */
  public ObjectStore store() {
    return store;
  }

  /** The time of this host, from which its backups are named. */
  public Instant now() {
    return clock.instant();
  }

  /** The id of a backup that begins now. */
  public BackupId nextId() {
    return BackupId.next(clock.instant(), random);
  }

  /** Another id for the same moment. */
  public BackupId idBeside(BackupId id) {
    return id.beside(random);
  }

  /**
   * Begins a data object of a backup; it must be published before the backup.
   *
   * @param suffix the type, such as {@code .tar.zst}
   * @param expected a hint of the size; zero if unknown
   */
  public PendingObject begin(VolumeName volume, BackupId id, String suffix, Size expected) {
    return StoreFailures.translate(
        () -> store.create(RepositoryLayout.data(volume, id, suffix), expected));
  }

  /** The name that {@link #begin} gives the object. */
  public static ObjectName dataName(VolumeName volume, BackupId id, String suffix) {
    return RepositoryLayout.data(volume, id, suffix);
  }

  /**
   * Makes the backup exist, after all of its objects.
   *
   * @param bases the backups whose objects it uses
   * @throws dev.keg.error.BackupException.BackupWithdrawn if the backup took so long that what it
   *     builds on was forgotten and is about to be deleted; then it does not exist
   */
  public void publish(BackupRecord backup, Collection<BackupRecord> bases) {
    publish(backup, bases, Copied.none(List.of()));
  }

  /**
   * Makes a backup of another repository exist in this one as well.
   *
   * @param others backups of this repository, which may use the same objects
   * @param copied objects that were already here, whole, or were copied
   */
  public void publish(BackupRecord backup, Collection<BackupRecord> others, Copied copied) {
    StoreFailures.run(() -> new Publication(store, GRACE, others, copied).publish(backup));
    witness.published(backup);
  }

  /** The data objects stored by a volume's backups, except those that will be deleted. */
  public List<StoredObject> lasting(VolumeName volume) {
    return lasting(RepositoryLayout.DATA + volume + "/");
  }

  /** The data objects of all volumes, except those that will be deleted. */
  public List<StoredObject> lasting() {
    return lasting(RepositoryLayout.DATA);
  }

  private List<StoredObject> lasting(String folder) {
    return StoreFailures.translate(() -> Tombstone.spared(store, store.list(folder)));
  }

  /** The data objects, without rests of others. */
  public List<StoredObject> data() {
    return StoreFailures.translate(() -> store.list(RepositoryLayout.DATA));
  }

  /** The rests of repacked objects, and the patches of damaged ones. */
  public Rests rests() {
    return new Rests(store, clock, random);
  }

  /** All backups. */
  public BackupCatalog list() {
    return list("", Optional.empty());
  }

  public BackupCatalog list(VolumeName volume) {
    return list(volume + "/", Optional.of(volume));
  }

  private BackupCatalog list(String below, Optional<VolumeName> volume) {
    Instant now = clock.instant();
    Witness.SeenBackups before = witness.seen(now);
    return before.with(
        StoreFailures.translate(() -> new IndexReader(store, now).read(below)), volume);
  }

  /** The backups of a volume, and the known damage of their data. */
  public History history(VolumeName volume) {
    Instant now = clock.instant();
    Witness.SeenBackups before = witness.seen(now);
    return before.with(
        StoreFailures.translate(() -> new IndexReader(store, now).history(volume)), volume);
  }

  /** The same for a write-only host, given the last backup that it made. */
  public History history(BackupRecord own) {
    Instant now = clock.instant();
    Witness.SeenBackups before = witness.seen(now);
    return before.with(
        StoreFailures.translate(() -> new IndexReader(store, now).history(own)),
        own.volume().name());
  }

  /**
   * Forgets the backups, and deletes the data that no backup has needed for a day. Without ids, it
   * only deletes.
   */
  public ForgetReport forget(Collection<BackupId> ids) {
    return forget(ids, Grace.DAY);
  }

  /** The same, with a choice of when to delete the data that these backups leave behind. */
  public ForgetReport forget(Collection<BackupId> ids, Grace grace) {
    witness.forgot(ids);
    return StoreFailures.translate(
        () -> {
          Instant now = clock.instant();
          return forgetting(ids, grace).run(RepositoryLayout.tombstone(now, random), now);
        });
  }

  /** A preview of {@link #forget}. */
  public ForgetReport previewForget(Collection<BackupId> ids, Grace grace) {
    return StoreFailures.translate(() -> forgetting(ids, grace).preview(clock.instant()));
  }

  private Forgetting forgetting(Collection<BackupId> ids, Grace grace) throws StoreException {
    if (grace == Grace.NONE && !isSharing()) {
      throw new ForgetFailed(
          address(),
          "data of format 1 cannot be deleted at once: older versions of Keg rely on it",
          "`keg repo upgrade` makes it format 2, or leave out --now");
    }
    Forgetting forgetting = new Forgetting(store, GRACE, grace, ids, clock.instant());
    Set<BackupId> unknown = forgetting.unknown();
    if (!unknown.isEmpty()) {
      throw new NoSuchBackup(address(), unknown.iterator().next().text());
    }
    return forgetting;
  }

  /** Records a verification beside the backup, and deletes those that it makes obsolete. */
  public void mark(BackupRecord backup, Check check) {
    StoreFailures.run(() -> check.mark(store, backup));
  }

  /** The newest backup of each volume, for at most this many volumes. */
  public History newest(int most) {
    return StoreFailures.translate(() -> new IndexReader(store, clock.instant()).newest(most));
  }

  /** The damage of data of backups that need not exist. */
  public Damages damages(Collection<BackupRecord> backups) {
    return StoreFailures.translate(() -> new IndexReader(store, clock.instant()).damages(backups));
  }

  /** Records damage of data, so that no later backup refers to it. */
  public void recordDamage(Collection<DamagedObject> damages) {
    StoreFailures.run(
        () -> {
          for (DamagedObject damage : damages) {
            damage.note(store, clock.instant(), random);
          }
        });
  }

  /** Removes recorded damage after a repair. */
  public void forgetDamage(DamagedObject mended) {
    StoreFailures.run(() -> mended.forget(store, clock.instant(), random));
  }

  /** The results of this backup's verifications, the oldest first. */
  public List<Check> checks(BackupRecord backup) {
    return StoreFailures.translate(() -> Check.all(store, backup));
  }

  @Override
  public void close() {
    store.close();
  }
}
