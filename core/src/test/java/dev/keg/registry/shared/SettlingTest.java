package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.file.DirectoryEntries;
import dev.keg.registry.Catalog.UsableOn;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.record.MemoryRecords;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.shared.SharedVolume.State;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the next command makes of each state in which a killed one may leave store and files. */
class SettlingTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final VolumeName NEW = new VolumeName("new");
  private static final VolumeId OTHER = VolumeId.random(new SplittableRandom(5));

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final MemoryRecords store = new MemoryRecords(true);

  /** A volume of this host, whose record has a holder that has left. */
  @BeforeEach
  void volume() throws IOException {
    assertThat(host("web1").shared.init()).isTrue();
    SharedCatalogTest.create(host("web1"), "db", "local");
    leaveUnnoticed("web1", "db");
  }

  private Host host(String name) {
    return new Host(name, files.getPath("/" + name), store.connect());
  }

  private void leaveUnnoticed(String hostName, String volume) throws IOException {
    Host host = host(hostName);
    host.attach(volume, host.disk("vm", true));
    Path holders = host.layout.attachments(host.layout.home(new VolumeName(volume)));
    for (Path file : DirectoryEntries.of(holders)) {
      Files.delete(file);
    }
  }

  private Optional<SharedVolume> stored(VolumeName name) {
    return store
        .connect()
        .get(SharedVolume.key(name))
        .map(record -> SharedVolume.read(name, record.text()));
  }

  private SharedVolume db() {
    return stored(DB).orElseThrow();
  }

  private void write(VolumeName name, SharedVolume volume) {
    RecordStore raw = store.connect();
    String key = SharedVolume.key(name);
    String version = raw.get(key).map(RecordStore.StoredRecord::version).orElse(RecordStore.NONE);
    assertThat(raw.put(key, volume.next("test"), version)).isPresent();
  }

  private void change(UnaryOperator<SharedVolume> change) {
    write(DB, change.apply(db()));
  }

  /** The same volume by its new name. */
  private SharedVolume renamed() {
    return db().with(db().volume().withName(NEW)).with(List.of()).renamedFrom("db");
  }

  /** Another volume of that name. */
  private static SharedVolume another(SharedVolume record) {
    Volume volume = record.volume();
    return record.with(volume.withDetails(volume.details().ofSame(OTHER, volume.details().host())));
  }

  private void settle(String begun) throws IOException {
    Path pending = host("web1").layout.pending();
    Files.writeString(pending.resolve("db"), begun);
    host("web1").registry.openForWriting();
    assertThat(pending).isEmptyDirectory();
  }

  private Path home(VolumeName name) {
    return host("web1").layout.home(name).path();
  }

  private void assertUnchanged() {
    assertThat(db().state()).isEqualTo(State.READY);
    assertThat(db().holders()).as("the holder that has left").isEmpty();
    assertThat(home(DB)).exists();
    assertThat(home(NEW)).doesNotExist();
  }

  @Test
  void a_renaming_without_a_new_record_has_not_happened() throws IOException {
    settle("RENAME new");

    assertUnchanged();
    assertThat(stored(NEW)).isEmpty();
  }

  @Test
  void a_new_name_of_another_volume_stays_its_own() throws IOException {
    SharedVolume other = another(renamed()).renamedFrom("");
    write(NEW, other);

    settle("RENAME new");

    assertUnchanged();
    assertThat(stored(NEW).map(SharedVolume::volume)).contains(other.volume());
  }

  @Test
  void a_new_name_is_given_up_while_the_old_one_counts() throws IOException {
    write(NEW, renamed());

    settle("RENAME new");

    assertUnchanged();
    assertThat(stored(NEW)).isEmpty();
  }

  @Test
  void a_renaming_is_completed_once_the_old_name_is_left() throws IOException {
    write(NEW, renamed());
    change(db -> db.removingFor(NEW));

    settle("RENAME new");

    assertThat(stored(DB)).isEmpty();
    assertThat(stored(NEW).map(SharedVolume::renamedFrom)).contains("");
    assertThat(home(DB)).doesNotExist();
    assertThat(home(NEW)).exists();
  }

  @Test
  void the_home_follows_also_if_the_new_record_is_complete_already() throws IOException {
    write(NEW, renamed().renamedFrom(""));
    change(db -> db.removingFor(NEW));

    settle("RENAME new");

    assertThat(stored(DB)).isEmpty();
    assertThat(home(DB)).doesNotExist();
    assertThat(home(NEW)).exists();
  }

  @Test
  void a_name_that_was_left_for_one_that_another_volume_has_is_free() throws IOException {
    write(NEW, another(renamed()).renamedFrom(""));
    change(db -> db.removingFor(NEW));

    settle("RENAME new");

    assertThat(stored(DB)).isEmpty();
    assertThat(home(NEW)).doesNotExist();
  }

  @Test
  void the_home_of_another_volume_is_not_renamed() throws IOException {
    write(NEW, another(renamed()));
    change(db -> another(db).removingFor(NEW));

    settle("RENAME new");

    assertThat(stored(DB)).isEmpty();
    assertThat(home(DB)).exists();
    assertThat(home(NEW)).doesNotExist();
  }

  @Test
  void a_removal_is_reverted_while_the_home_is_there() throws IOException {
    String id = db().volume().details().id().text();
    change(SharedVolume::removing);

    settle("REMOVE " + id);

    assertUnchanged();
  }

  @Test
  void a_removal_is_completed_if_the_home_is_that_of_another_volume() throws IOException {
    change(db -> another(db).removing());

    settle("REMOVE " + OTHER);

    assertThat(stored(DB)).isEmpty();
    assertThat(home(DB)).exists();
  }

  @Test
  void a_removal_is_complete_once_another_volume_has_the_name() throws IOException {
    change(db -> another(db).removing());

    settle("REMOVE 4711");

    assertThat(stored(DB)).isPresent();
  }

  @Test
  void a_creation_is_complete_once_the_store_has_it() throws IOException {
    settle("CREATE " + db().volume().details().id());

    assertUnchanged();
  }

  @Test
  void a_creation_is_abandoned_if_another_volume_has_its_name() throws IOException {
    String id = db().volume().details().id().text();
    change(SettlingTest::another);

    settle("CREATE " + id);

    assertThat(home(DB)).doesNotExist();
    assertThat(db().volume().details().id()).isEqualTo(OTHER);
  }

  @Test
  void the_home_of_another_volume_is_not_removed() throws IOException {
    settle("CREATE " + OTHER);

    assertThat(home(DB)).exists();
  }

  @Test
  void holders_on_a_server_are_released_and_listed_again_by_a_beat() throws IOException {
    SharedCatalogTest.create(host("web1"), "disk", Host.SERVED);
    VolumeName disk = new VolumeName("disk");
    host("web1").attach("disk", host("web1").disk("vm1", true));
    leaveUnnoticed("web2", "disk");
    assertThat(stored(disk).orElseThrow().holders()).hasSize(2);

    Host web2 = host("web2");
    web2.registry.openForWriting();
    web2.shared.hosts().beat("boot");
    assertThat(stored(disk).orElseThrow().holders()).hasSize(1);

    host("web2").attach("disk", web2.disk("vm2", true));
    write(
        disk,
        stored(disk).orElseThrow().with(List.of(stored(disk).orElseThrow().holders().getFirst())));
    Host again = host("web2");
    again.registry.openForWriting();
    again.shared.hosts().beat("boot");
    assertThat(stored(disk).orElseThrow().holders()).hasSize(2);
    assertThat(again.warnings).isEmpty();
  }

  @Test
  void a_volume_is_there_until_its_record_is_gone() {
    Host web1 = host("web1");
    web1.registry.openForWriting();
    VolumeId id = db().volume().details().id();
    assertThat(web1.registry.catalog().has(id)).isTrue();
    assertThat(web1.registry.catalog().has(OTHER)).isFalse();

    change(SharedVolume::removing);
    assertThat(web1.registry.catalog().has(id)).isTrue();
    change(SharedVolume::gone);
    assertThat(web1.registry.catalog().has(id)).isFalse();
  }

  @Test
  void a_name_that_another_host_takes_meanwhile_leaves_no_home() throws IOException {
    Host web1 = host("web1");
    web1.registry.openForWriting();
    Volume volume = db().volume().withName(NEW);
    var staged = web1.registry.stage(NEW, PoolName.DEFAULT);
    SharedCatalogTest.create(host("web2"), "new", "local");

    assertThatThrownBy(() -> web1.registry.publish(volume, staged))
        .isInstanceOf(AlreadyExists.class);

    assertThat(home(NEW)).doesNotExist();
    assertThat(web1.layout.pending()).isEmptyDirectory();
  }

  @Test
  void a_volume_on_a_server_is_marked_as_such() {
    Host web1 = host("web1");
    web1.registry.openForWriting();
    Volume volume = db().volume().withName(NEW);

    web1.registry.publish(volume, web1.registry.stage(NEW, PoolName.DEFAULT), UsableOn.EVERY_HOST);

    assertThat(web1.layout.onServer(web1.layout.home(NEW))).exists();
    assertThat(web1.layout.onServer(web1.layout.home(DB))).doesNotExist();
  }

  @Test
  void a_volume_does_not_get_the_name_of_another() {
    SharedCatalogTest.create(host("web2"), "new", "local");
    Host web1 = host("web1");
    web1.registry.openForWriting();

    assertThatThrownBy(() -> web1.registry.catalog().rename(DB, NEW))
        .isInstanceOf(AlreadyExists.class);

    assertThat(web1.layout.pending()).isEmptyDirectory();
    assertThat(home(DB)).exists();
  }

  /** The other host has renamed it since, and this one mounted it before. */
  @Test
  void a_home_that_a_volume_on_a_server_left_gives_way_to_a_renamed_one() {
    SharedCatalogTest.create(host("web2"), "new", Host.SERVED);
    assertThat(host("web1").registry.get("mount", NEW)).isNotNull();
    host("web2").volumes.rename("new", "moved");
    assertThat(home(NEW)).exists();

    host("web1").volumes.rename("db", "new");

    assertThat(home(DB)).doesNotExist();
    assertThat(home(NEW).resolve("on-server")).doesNotExist();
  }

  @Test
  void a_volume_that_another_host_holds_is_not_withdrawn() {
    SharedCatalogTest.create(host("web1"), "disk", Host.SERVED);
    Attachment.Disk vm = host("web2").disk("vm2", false);
    host("web2").attach("disk", vm);
    Host web1 = host("web1");
    web1.registry.openForWriting();

    assertThatThrownBy(() -> web1.registry.catalog().withdraw(new VolumeName("disk")))
        .isInstanceOf(InUse.class)
        .hasNoSuppressedExceptions();

    assertThat(web1.layout.pending()).isEmptyDirectory();
    assertThat(stored(new VolumeName("disk")).map(SharedVolume::isReady)).contains(true);
  }

  @Test
  void a_removal_withdraws_the_volume_if_its_command_has_not() throws IOException {
    Host web1 = host("web1");
    web1.registry.openForWriting();
    web1.registry.remove(List.of(DB), Size.ZERO);

    assertThat(stored(DB)).isEmpty();
    assertThat(home(DB)).doesNotExist();

    SharedCatalogTest.create(host("web1"), "new", "local");
    Path data = Files.createDirectories(files.getPath("/srv/new"));
    Host again = host("web1");
    again.registry.openForWriting();
    again.registry.remove(NEW, data);

    assertThat(stored(NEW)).isEmpty();
    assertThat(data).doesNotExist();
  }

  @Test
  void a_volume_whose_file_here_is_damaged_is_listed_as_such() throws IOException {
    Files.writeString(home(DB).resolve("volume.json"), "{");

    assertThat(host("web1").registry.list())
        .singleElement()
        .isInstanceOf(RegistryEntry.Broken.class);
  }
}
