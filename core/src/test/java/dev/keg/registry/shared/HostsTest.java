package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.HostMayRun;
import dev.keg.error.RegistryException.NoSuchHost;
import dev.keg.registry.record.MemoryRecords;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.shared.Hosts.Evidence;
import dev.keg.registry.shared.Hosts.HostEntry;
import dev.keg.registry.shared.Hosts.OwnVolumes;
import dev.keg.registry.shared.RegistryCopy.Difference;
import dev.keg.volume.VolumeName;
import java.nio.file.FileSystem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private MemoryRecords store = new MemoryRecords(true);

  @BeforeEach
  void init() {
    assertThat(host("web1").shared.init()).isTrue();
  }

  private Host host(String name) {
    return host(name, "/" + name);
  }

  /** A new process on the host with this root. */
  private Host host(String name, String root) {
    return new Host(name, files.getPath(root), store.connect());
  }

  private static Hosts hosts(Host host) {
    host.registry.openForWriting();
    return host.shared.hosts();
  }

  private Hosts hosts() {
    return hosts(host("web1"));
  }

  private void beat(String name) {
    hosts(host(name)).beat("boot of " + name);
  }

  /** A volume of the first host, and one on a server that the second one holds. */
  private void volumes() {
    SharedCatalogTest.create(host("web1"), "db", "local");
    SharedCatalogTest.create(host("web1"), "disk", Host.SERVED);
    host("web2").attach("disk", host("web2").disk("vm2", false));
  }

  @Test
  void hosts_are_listed_with_what_they_have_and_hold() {
    volumes();
    beat("web3");

    assertThat(hosts().list())
        .extracting(HostEntry::name, HostEntry::volumes, HostEntry::holders, HostEntry::here)
        .containsExactly(
            tuple("web1", 1, 0, true), tuple("web2", 0, 1, false), tuple("web3", 0, 0, false));
    assertThat(hosts().list())
        .extracting(host -> host.seen().isPresent())
        .containsExactly(false, false, true);
  }

  @Test
  void what_a_host_has_and_holds_is_added_to_what_it_reports() {
    volumes();
    beat("web1");
    beat("web2");
    SharedCatalogTest.create(host("web2"), "own", "local");

    assertThat(hosts().list())
        .extracting(HostEntry::name, HostEntry::volumes, HostEntry::holders)
        .containsExactly(tuple("web1", 1, 0), tuple("web2", 1, 1));
    assertThat(hosts().list()).allMatch(host -> host.seen().isPresent());
  }

  @Test
  void a_host_is_found_by_its_name_or_its_id() {
    volumes();
    HostEntry web2 = hosts().find("web2");

    assertThat(hosts().find(web2.id())).isEqualTo(web2);
    assertThatThrownBy(() -> hosts().find("web9")).isInstanceOf(NoSuchHost.class);
  }

  @Test
  void a_name_that_two_hosts_have_identifies_neither() {
    beat("web2");
    hosts(host("web2", "/copy")).beat("boot");

    assertThatThrownBy(() -> hosts().find("web2")).isInstanceOf(NoSuchHost.class);
    List<HostEntry> both = hosts().list();
    assertThat(both).extracting(HostEntry::name).containsExactly("web2", "web2");
    assertThat(both).extracting(HostEntry::id).isSorted();
    assertThat(hosts().find(both.getLast().id())).isEqualTo(both.getLast());
  }

  @Test
  void this_host_is_not_removed() {
    beat("web1");

    assertThatThrownBy(
            () -> hosts().remove(hosts().find("web1"), Evidence.FENCED, OwnVolumes.FORGET))
        .isInstanceOf(HostMayRun.class)
        .hasMessage("host rm web1: it is this host");
  }

  @Test
  void a_host_without_anything_is_removed_without_evidence() {
    volumes();
    beat("web3");

    assertThat(hosts().remove(hosts().find("web3"), Evidence.NONE, OwnVolumes.FORGET)).isEmpty();

    assertThat(hosts().list()).extracting(HostEntry::name).containsExactly("web1", "web2");
  }

  @Test
  void a_host_that_reported_recently_is_not_silent() {
    volumes();
    beat("web2");
    store.wait(Hosts.SILENCE.minus(Duration.ofSeconds(1)));
    assertThat(hosts().silent()).isEmpty();
    assertThatThrownBy(() -> hosts().remove(hosts().find("web2"), Evidence.SILENT, OwnVolumes.KEEP))
        .isInstanceOf(HostMayRun.class)
        .hasMessage("host rm web2: it was seen 599 s ago");

    store.wait(Duration.ofSeconds(1));
    assertThat(hosts().silent()).extracting(HostEntry::name).containsExactly("web2");
  }

  @Test
  void a_host_that_holds_nothing_or_never_reported_is_not_missed() {
    volumes();
    beat("web1");
    beat("web3");
    store.wait(Hosts.SILENCE);

    assertThat(hosts().silent()).isEmpty();
  }

  @Test
  void a_removed_host_holds_nothing_and_its_volumes_stay() {
    volumes();
    SharedCatalogTest.create(host("web2"), "own", "local");

    assertThat(hosts().remove(hosts().find("web2"), Evidence.FENCED, OwnVolumes.KEEP)).isEmpty();

    assertThat(hosts().list())
        .extracting(HostEntry::name, HostEntry::volumes, HostEntry::holders)
        .containsExactly(tuple("web1", 1, 0), tuple("web2", 1, 0));
  }

  @Test
  void a_record_that_cannot_be_read_may_hide_a_holder() {
    volumes();
    store.connect().put("volumes/torn.json", "{", RecordStore.NONE);
    Host web1 = host("web1");
    Hosts hosts = hosts(web1);

    assertThat(hosts.remove(hosts.find("web2"), Evidence.FENCED, OwnVolumes.KEEP)).isEmpty();

    assertThat(web1.warnings)
        .singleElement()
        .asString()
        .startsWith("host web2 may still hold torn: ");
  }

  /** The volume on a server as its record in the store has it. */
  private SharedVolume disk(String name) {
    VolumeName volume = new VolumeName(name);
    return SharedVolume.read(
        volume, store.connect().get(SharedVolume.key(volume)).orElseThrow().text());
  }

  private void write(SharedVolume record, String writer) {
    String key = SharedVolume.key(record.volume().name());
    RecordStore raw = store.connect();
    String version = raw.get(key).map(RecordStore.StoredRecord::version).orElse(RecordStore.NONE);
    assertThat(raw.put(key, record.next(writer + "-0001"), version)).isPresent();
  }

  private List<String> names() {
    Host host = host("web1");
    host.registry.openForReading();
    return host.registry.catalog().names().stream().map(VolumeName::text).toList();
  }

  private List<String> differences(String name) {
    Host host = host(name);
    host.registry.openForReading();
    return host.shared.check().differences().stream().map(Difference::toString).toList();
  }

  @Test
  void what_a_host_was_removing_on_a_server_comes_back_when_the_host_is_removed() {
    SharedCatalogTest.create(host("web1"), "disk", Host.SERVED);
    Host web2 = host("web2");
    web2.registry.openForWriting();
    web2.registry.catalog().withdraw(new VolumeName("disk"));

    assertThat(names()).isEmpty();
    assertThat(differences("web1"))
        .singleElement()
        .asString()
        .contains("disk", "another host has begun to remove or rename it");
    HostEntry lost = hosts().find(web2.shared.membership().host());
    assertThat(lost.holders()).isEqualTo(1);
    assertThatThrownBy(() -> hosts().remove(lost, Evidence.NONE, OwnVolumes.KEEP))
        .isInstanceOf(HostMayRun.class);
    assertThat(names()).isEmpty();

    assertThat(hosts().remove(lost, Evidence.FENCED, OwnVolumes.KEEP)).isEmpty();

    assertThat(names()).containsExactly("disk");
    assertThat(differences("web1")).isEmpty();
    assertThat(hosts().list()).extracting(HostEntry::id).doesNotContain(lost.id());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void what_a_host_was_renaming_on_a_server_has_one_name_when_the_host_is_removed(boolean left) {
    SharedCatalogTest.create(host("web1"), "disk", Host.SERVED);
    String web2 = host("web2").shared.membership().host();
    SharedVolume old = disk("disk");
    VolumeName to = new VolumeName("new");
    write(old.with(old.volume().withName(to)).renamedFrom("disk"), web2);
    if (left) {
      write(old.removingFor(to), web2);
    }

    assertThat(hosts().remove(hosts().find(web2), Evidence.FENCED, OwnVolumes.KEEP)).isEmpty();

    assertThat(names()).containsExactly(left ? "new" : "disk");
    assertThat(store.records().keySet())
        .filteredOn(key -> key.startsWith(SharedVolume.FOLDER))
        .containsExactly(SharedVolume.key(new VolumeName(left ? "new" : "disk")));
    assertThat(hosts().list()).extracting(HostEntry::id).doesNotContain(web2);
  }

  @Test
  void the_name_of_a_volume_that_a_lost_host_was_removing_can_be_freed() {
    Host web2 = host("web2");
    SharedCatalogTest.create(web2, "own", "local");
    web2.registry.catalog().withdraw(new VolumeName("own"));
    assertThatThrownBy(() -> SharedCatalogTest.create(host("web1"), "own", "local"))
        .isInstanceOfSatisfying(
            AlreadyExists.class,
            e ->
                assertThat(e.hint())
                    .hasValueSatisfying(
                        hint -> assertThat(hint).startsWith("another host has begun to remove")));

    assertThat(hosts().remove(hosts().find("web2"), Evidence.FENCED, OwnVolumes.FORGET))
        .containsExactly(new VolumeName("own"));

    SharedCatalogTest.create(host("web1"), "own", "local");
  }

  @Test
  void the_record_of_a_host_stays_where_deletions_are_not_safe() {
    store = new MemoryRecords(false);
    init();
    beat("web2");

    assertThat(hosts().remove(hosts().find("web2"), Evidence.NONE, OwnVolumes.KEEP)).isEmpty();

    assertThat(hosts().list()).extracting(HostEntry::name).containsExactly("web2");
  }
}
