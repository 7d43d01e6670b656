package dev.keg.volumeset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.attachment.Attachment;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void a_mount_whose_answer_nobody_received_is_undone() {
    engine.mount(DISK, ONE);
    engine.takeBack(DISK);
    assertThat(isVisible()).isFalse();
    assertThat(machine.attachments.recorded(DISK)).isEmpty();

    engine.takeBack(DISK);
    engine.mount(new VolumeName("plain"), ONE);
    engine.takeBack(new VolumeName("plain"));
  }

  /** Keg does not know podman's process, which may have ended. */
  @Test
  void a_mount_is_undone_even_if_its_requester_has_ended() {
    List<String> ended = new ArrayList<>();
    EngineAccess podman =
        new EngineAccess(machine.context, machine.access, () -> ended.stream().findFirst());
    podman.mount(DISK, ONE);
    machine.table.end("podman");
    ended.add("podman");

    podman.release(DISK, ONE);
    assertThat(isVisible()).as("the next command may rely on it").isTrue();
    podman.takeBack(DISK);
    assertThat(isVisible()).isFalse();
    assertThat(machine.attachments.recorded(DISK)).isEmpty();
  }

  @Test
  void a_mount_that_is_requested_again_is_not_undone() {
    engine.mount(DISK, ONE);
    new EngineAccess(threeMinutesLater(), new DataAccess(threeMinutesLater(), machine.sets))
        .mount(DISK, ONE);

    engine.takeBack(DISK);

    assertThat(isVisible()).isTrue();
    assertThat(machine.holders("disk")).containsExactly("1111");
  }

  @Test
  void a_container_that_runs_keeps_what_nobody_has_heard_of() {
    engine.mount(DISK, ONE);
    containerHasIt(true);
    engine.mount(DISK, ONE);

    engine.takeBack(DISK);

    assertThat(isVisible()).isTrue();
    assertThat(machine.holders("disk")).containsExactly("keg.engine");
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

  /** The engine behind a hold whose volume is not mounted when the next command runs. */
  enum Engine {
    DOCKER_RUNS("dockerd 1", false, true),
    DOCKER_HAS_ENDED("dockerd 1", true, false),
    /** Another process has the number of the one that has ended. */
    ANOTHER_DOCKER_RUNS("dockerd 2", true, false),
    /** Each command of podman is a process, and podman counts mounts itself. */
    PODMAN("", true, true);

    private final String process;
    private final boolean firstEnds;
    private final boolean keeps;

    Engine(String process, boolean firstEnds, boolean keeps) {
      this.process = process;
      this.firstEnds = firstEnds;
      this.keeps = keeps;
    }
  }

  private EngineAccess askedBy(String engine) {
    return new EngineAccess(
        machine.context, machine.access, () -> Optional.of(engine).filter(name -> !name.isEmpty()));
  }

  @ParameterizedTest
  @EnumSource
  void what_an_engine_requested_ends_with_it_if_it_requests_again_for_each_container(Engine given) {
    EngineAccess first = askedBy(given == Engine.PODMAN ? "" : "dockerd 1");
    first.mount(DISK, ONE);
    if (given.firstEnds) {
      machine.table.end("dockerd 1");
    }

    assertThat(machine.holders("disk")).hasSize(given.keeps ? 1 : 0);
    askedBy(given.process).reap();

    assertThat(isVisible()).isEqualTo(given.keeps);
    assertThat(machine.attachments.recorded(DISK)).hasSize(given.keeps ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_container_that_outlives_its_engine_keeps_the_data(boolean elsewhere) {
    askedBy("dockerd 1").mount(DISK, ONE);
    if (elsewhere) {
      machine.table.bindElsewhere(machine.data("disk").toString(), "/data", 4711);
    } else {
      containerHasIt(true);
    }
    machine.table.end("dockerd 1");

    askedBy("dockerd 2").reap();
    assertThat(isVisible()).isTrue();
    assertThat(machine.holders("disk")).containsExactly("1111");
    assertThatExceptionOfType(HolderException.class)
        .isThrownBy(() -> machine.volumes.remove("disk", Removal.Mode.NORMAL));

    if (!elsewhere) {
      containerHasIt(false);
      askedBy("dockerd 2").reap();
      assertThat(isVisible()).isFalse();
    }
  }

  @Test
  void a_container_that_the_next_engine_starts_again_has_the_data() {
    askedBy("dockerd 1").mount(DISK, ONE);
    machine.table.end("dockerd 1");
    EngineAccess next = askedBy("dockerd 2");

    next.mount(DISK, ONE);
    next.reap();
    assertThat(isVisible()).isTrue();
    assertThat(machine.holders("disk")).containsExactly("1111");

    next.release(DISK, ONE);
    assertThat(isVisible()).isFalse();
    assertThat(machine.attachments.recorded(DISK)).isEmpty();
  }

  @Test
  void requests_of_an_engine_that_has_ended_come_too_late() {
    EngineAccess late = askedBy("dockerd 1");
    machine.table.end("dockerd 1");
    askedBy("dockerd 2").mount(DISK, ONE);

    assertThatExceptionOfType(HolderException.class)
        .isThrownBy(() -> late.mount(DISK, ONE))
        .withMessage("mount disk: the engine that asked for it has ended");
    late.release(DISK, ONE);

    askedBy("dockerd 2").reap();
    assertThat(isVisible()).isTrue();
    assertThat(machine.holders("disk")).containsExactly("1111");
  }

  @Test
  void the_last_of_two_containers_ends_what_an_earlier_engine_left() {
    askedBy("dockerd 1").mount(DISK, ONE);
    machine.table.end("dockerd 1");
    EngineAccess next = askedBy("dockerd 2");
    next.mount(DISK, TWO);

    next.release(DISK, TWO);

    assertThat(isVisible()).isFalse();
    assertThat(machine.attachments.recorded(DISK)).isEmpty();
  }

  @Test
  void what_podman_asked_for_stays_beside_what_an_ended_docker_left() {
    askedBy("dockerd 1").mount(DISK, ONE);
    askedBy("").mount(DISK, TWO);
    machine.table.end("dockerd 1");

    askedBy("").reap();

    assertThat(isVisible()).isTrue();
    assertThat(machine.attachments.recorded(DISK))
        .extracting(Attachment::holder)
        .containsExactly("2222");
  }

  @Test
  void all_volumes_of_an_engine_that_has_ended_are_unmounted() {
    VolumeName other = new VolumeName("other");
    machine.volumes.create(
        new VolumeRequest(other, "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    askedBy("dockerd 1").mount(DISK, ONE);
    askedBy("dockerd 1").mount(other, ONE);
    machine.table.end("dockerd 1");

    askedBy("dockerd 2").reap();

    assertThat(machine.table.mounts()).isEmpty();
  }

  @Test
  void a_volume_that_cannot_be_unmounted_does_not_stop_the_others() {
    VolumeName other = new VolumeName("other");
    machine.volumes.create(
        new VolumeRequest(other, "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    for (VolumeName name : List.of(DISK, other)) {
      askedBy("dockerd 1").mount(name, ONE);
    }
    machine.table.end("dockerd 1");
    machine.mounting.obstacle = Optional.of("its tool is gone");

    askedBy("dockerd 2").reap();
    assertThat(machine.warnings)
        .hasSize(2)
        .allMatch(warning -> warning.contains("still mounted for an engine that has ended"));

    machine.mounting.obstacle = Optional.empty();
    askedBy("dockerd 2").reap();
    assertThat(machine.table.mounts()).isEmpty();
  }

  @Test
  void a_volume_that_an_ended_engine_left_is_free() {
    askedBy("dockerd 1").mount(DISK, ONE);
    machine.table.end("dockerd 1");

    machine.access.conceal("disk", false);
    assertThat(isVisible()).isFalse();
    assertThat(machine.attachments.recorded(DISK)).isEmpty();

    askedBy("dockerd 2").mount(DISK, ONE);
    machine.table.end("dockerd 2");
    machine.volumes.remove("disk", Removal.Mode.NORMAL);
    assertThat(isVisible()).isFalse();
  }
}
