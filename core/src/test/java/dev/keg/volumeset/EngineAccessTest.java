package dev.keg.volumeset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.HolderException;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineAccessTest {
  private static final VolumeName DISK = new VolumeName("disk");
  private static final ContainerId ONE = new ContainerId("1111");
  private static final ContainerId TWO = new ContainerId("2222");
  private static final String IN_CONTAINER = "/var/lib/engine/merged/data";

  private final Machine machine;
  private final EngineAccess engine;

  EngineAccessTest() throws IOException {
    machine = new Machine();
    engine = new EngineAccess(machine.context, machine.access);
  }

  @BeforeEach
  void volumes() {
    machine.volumes.create(VolumeRequest.named(new VolumeName("plain")));
    machine.volumes.create(
        new VolumeRequest(DISK, "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
  }

  private boolean isVisible() {
    return machine.table.isMounted(machine.data("disk").toString());
  }

  private void containerHasIt(boolean has) {
    if (has) {
      machine.table.bind(machine.data("disk").toString(), IN_CONTAINER);
    } else {
      machine.table.unmount(IN_CONTAINER);
    }
  }

  private MountContext threeMinutesLater() {
    Services now = machine.context.services();
    Clock clock = Clock.offset(now.clock(), Duration.ofMinutes(3));
    return new MountContext(
        new Services(now.registry(), now.attachments(), now.drivers(), clock, now.secrets()),
        machine.context.publisher(),
        machine.context.tuner());
  }

  @Test
  void a_plain_volume_needs_no_mount() {
    VolumeName plain = new VolumeName("plain");

    assertThat(engine.mount(plain, ONE)).isEqualTo(machine.data("plain"));
    engine.release(plain, ONE);
    engine.forget(plain);

    assertThat(machine.table.mounts()).isEmpty();
  }

  @Test
  void the_data_is_visible_until_the_last_id_ends() {
    assertThat(engine.mount(DISK, ONE)).isEqualTo(machine.data("disk"));
    engine.mount(DISK, TWO);
    engine.mount(DISK, TWO);
    assertThat(machine.holders("disk")).containsExactlyInAnyOrder("1111", "2222");

    engine.release(DISK, ONE);
    assertThat(isVisible()).isTrue();
    engine.release(DISK, TWO);
    engine.release(DISK, TWO);

    assertThat(isVisible()).isFalse();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void an_id_that_ends_while_its_container_runs_takes_nothing_away() {
    engine.mount(DISK, ONE);
    containerHasIt(true);

    engine.release(DISK, ONE);
    assertThat(isVisible()).isTrue();
    assertThat(machine.holders("disk")).containsExactly("keg.engine");
    assertThatExceptionOfType(HolderException.class)
        .isThrownBy(() -> machine.volumes.remove("disk", Removal.Mode.FORCE));

    containerHasIt(false);
    engine.release(DISK, ONE);
    assertThat(isVisible()).isFalse();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void a_container_that_starts_keeps_the_data_when_another_one_ends() {
    engine.mount(DISK, ONE);
    containerHasIt(true);
    engine.release(DISK, ONE);
    engine.mount(DISK, TWO);
    containerHasIt(false);

    engine.release(DISK, ONE);

    assertThat(isVisible()).isTrue();
    assertThat(machine.holders("disk")).containsExactly("2222");
    engine.release(DISK, TWO);
    assertThat(isVisible()).isFalse();
  }

  @Test
  void what_a_killed_engine_left_is_forgotten_when_nobody_can_be_starting() {
    engine.mount(DISK, ONE);
    engine.forget(DISK);
    assertThat(machine.holders("disk")).as("it may just be starting").containsExactly("1111");

    EngineAccess next = new EngineAccess(threeMinutesLater(), machine.access);
    containerHasIt(true);
    next.forget(DISK);
    assertThat(machine.holders("disk")).containsExactly("1111");

    containerHasIt(false);
    next.forget(DISK);
    assertThat(isVisible()).isFalse();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void a_container_that_starts_again_keeps_the_data_when_another_one_ends() {
    engine.mount(DISK, ONE);
    containerHasIt(true);
    engine.mount(DISK, TWO);
    containerHasIt(false);

    new EngineAccess(threeMinutesLater(), machine.access).release(DISK, TWO);

    assertThat(isVisible()).isTrue();
    assertThat(machine.holders("disk")).containsExactly("1111");
  }

  @Test
  void an_operator_ends_an_id_on_all_volumes() {
    engine.mount(DISK, ONE);

    engine.release(TWO);
    assertThat(isVisible()).isTrue();
    engine.release(ONE);
    assertThat(isVisible()).isFalse();
  }

  @Test
  void an_operator_cannot_take_the_data_from_a_container_that_runs() {
    engine.mount(DISK, ONE);
    containerHasIt(true);
    engine.release(DISK, ONE);

    for (String id : List.of("1111", "keg.engine")) {
      engine.release(DISK, new ContainerId(id));
      assertThat(isVisible()).isTrue();
      assertThat(machine.holders("disk")).containsExactly("keg.engine");
    }
    assertThatExceptionOfType(HolderException.class)
        .isThrownBy(() -> engine.release(new ContainerId("keg.engine")))
        .withMessageContaining(IN_CONTAINER);

    containerHasIt(false);
    engine.release(new ContainerId("keg.engine"));
    assertThat(isVisible()).isFalse();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void mounts_that_keg_made_for_a_container_stay() {
    machine.mount(Machine.WEB, Machine.Wanted.volumes("disk:/data"));

    engine.release(Machine.WEB);
    engine.forget(DISK);

    assertThat(machine.holders("disk")).containsExactly("web1");
    machine.sets.tearDown(Machine.WEB, false);
  }
}
