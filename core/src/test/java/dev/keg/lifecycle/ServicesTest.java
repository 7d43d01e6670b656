package dev.keg.lifecycle;

import static dev.keg.lifecycle.TestRoot.DB;
import static dev.keg.lifecycle.TestRoot.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachments;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Host;
import dev.keg.volume.Labels;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServicesTest {
  private static final PoolName FAST = new PoolName("fast");

  private final FakeDriver fake = new FakeDriver("fake");
  private final TestRoot root = TestRoot.inMemory(fake);
  private final Services services = root.open();
  private final Volumes volumes = new Volumes(services);

  @ParameterizedTest
  @CsvSource({
    "'', default, ''",
    "keg.pool=default, default, ''",
    "keg.pool=fast, fast, ''",
    // A backup of an archived volume has this label, but a new volume has data.
    "keg.pool=cold, default, ''",
    "keg.pool=slow, default, 'volume db belongs in pool slow, which this root does not have'",
  })
  void a_label_asks_for_a_pool_and_one_without_it_is_told(
      String label, String pool, String warning) {
    services.registry().pools().add(FAST, root.layout.root().resolveSibling("disk"));
    services.registry().pools().addArchive(TestRoot.COLD, TestRoot.REPOSITORY);
    Labels labels = label.isEmpty() ? Labels.NONE : Labels.parse(List.of(label));
    Volume volume = Volume.plain(DB).withLabels(labels);

    assertThat(services.poolFor(volume)).isEqualTo(new PoolName(pool));
    assertThat(root.warnings).isEqualTo(warning.isEmpty() ? List.of() : List.of(warning));
  }

  @Test
  void a_driver_is_available_where_it_works_and_the_volume_is() {
    Volume volume = volumes.create(request("db", "fake")).volume();
    assertThat(services.available(volume)).contains(fake);

    Drivers none =
        new Drivers(
            List.of(fake.factory().unless(() -> Optional.of("no disks here"))), TestRoot.context());
    assertThat(with(none).available(volume)).isEmpty();
    assertThat(with(new Drivers(List.of(), TestRoot.context())).available(volume)).isEmpty();
  }

  private Services with(Drivers drivers) {
    return services(services.attachments(), drivers);
  }

  private Services services(Attachments attachments, Drivers drivers) {
    return new Services(
        services.registry(), attachments, drivers, services.clock(), services.secrets());
  }

  @Test
  void the_driver_of_a_volume_on_another_host_is_not_asked() {
    Services shared =
        TestRoot.inMemory(fake)
            .open(
                new FakeCatalog() {
                  @Override
                  public boolean isHere(Volume volume) {
                    return false;
                  }
                });
    Volume volume = new Volumes(shared).create(request("db", "fake")).volume();

    assertThat(shared.available(volume)).isEmpty();
  }

  @Test
  void a_volume_is_still_the_one_that_was_read_until_another_has_its_name() {
    Volume read = volumes.create(request("db", "local")).volume();
    Volume changed =
        volumes.update("db", VolumeChange.ofLabels(Labels.parse(List.of("a=1")), List.of()));
    assertThat(services.still("copy", read)).isEqualTo(changed);

    volumes.remove("db", Removal.Mode.NORMAL);
    volumes.create(request("db", "local"));

    assertThatThrownBy(() -> services.still("copy", read)).isInstanceOf(NotFound.class);
  }

  @Test
  void a_change_is_dated_and_the_host_of_an_old_description_becomes_known() {
    Volume made = volumes.create(request("db", "local")).volume();
    Volume old = made.withDetails(made.details().ofSame(made.details().id(), Host.UNKNOWN));
    root.now = TestRoot.NOW.plus(Duration.ofHours(1));
    Services later = root.open();

    Volume changed = later.replace(old, volume -> volume.withDescription("Orders"));

    assertThat(changed.details().description()).isEqualTo("Orders");
    assertThat(changed.details().updated()).isEqualTo(root.now);
    assertThat(changed.details().host()).isEqualTo(later.host());
    assertThat(later.registry().get("get", DB)).isEqualTo(changed);
  }

  @Test
  void volumes_can_be_created_where_the_host_cannot_be_identified() {
    VolumeRegistry registry = services.registry();
    Attachments blind =
        new Attachments(
            registry,
            () -> {
              throw new FileFailure("read", "/proc/self/mountinfo", "it is not there", null);
            });
    Services chroot = services(blind, services.drivers());

    Volume made = new Volumes(chroot).create(request("db", "local")).volume();

    assertThat(made.details().host()).isEqualTo(Host.UNKNOWN);
    assertThat(services.host()).isEqualTo(new Host("this-host", "this-host"));
  }
}
