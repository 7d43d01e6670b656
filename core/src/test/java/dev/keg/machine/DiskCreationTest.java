package dev.keg.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.AttachRefused;
import dev.keg.error.InvalidInput.InvalidMachine;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.file.WindowsNaming;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.Trial;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskCreationTest {
  private static final MachineId VM1 = new MachineId("vm1");

  /** One process. */
  private record Host(VolumeRegistry registry, DiskDriver driver, Machines machines) {
    static Host open(Path root, DirectorySync sync) {
      FakeMountTable mounts = new FakeMountTable(root.getFileSystem()::getPath);
      VolumeRegistry registry =
          new VolumeRegistry(new RegistryLayout(root), sync, new SplittableRandom(1), _ -> {});
      DiskDriver driver = new DiskDriver();
      Drivers drivers =
          new Drivers(
              List.of(LocalDriver.directoriesOnly(), driver.factory()),
              new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
      Clock clock = Clock.fixed(Instant.parse("2026-11-20T10:00:55Z"), ZoneOffset.UTC);
      Attachments attachments = new Attachments(registry, () -> mounts);
      Services services = new Services(registry, attachments, drivers, clock, Secrets.NONE);
      return new Host(registry, driver, new Machines(services));
    }

    void create(String name, String driver, String attach) {
      VolumeRequest request =
          new VolumeRequest(
              new VolumeName(name), driver, Options.NONE, Labels.NONE, Ownership.DEFAULT);
      var _ = machines.create(request, AttachRequest.parse(name, attach));
    }

    List<String> disks() {
      return machines.disks(VM1).stream()
          .map(held -> held.volume() + " " + held.attachment().drive())
          .toList();
    }

    List<String> volumes() {
      return registry.openForReading()
          ? registry.names().stream().map(VolumeName::text).sorted().toList()
          : List.of();
    }
  }

  private static Host host() throws IOException {
    return Host.open(FaultPoints.inMemory(), DirectorySync.NONE);
  }

  @Test
  void the_machine_has_the_disk_where_it_is_published() throws IOException {
    Host host = host();

    host.create("root", "disk", "vm1:rootfs");
    host.create("data", "disk", "vm1");
    host.create("shared", "disk", "vm1:vdx:ro");

    assertThat(host.disks()).containsExactly("root rootfs", "data vdb", "shared vdx");
    assertThat(host.machines.disks(VM1).getLast().attachment().readOnly()).isTrue();
    assertThat(host.machines.disks(VM1).getFirst().attachment().placement().orElseThrow().files())
        .containsExactly("/keg/volumes/root/disk.qcow2");
  }

  @Test
  void a_disk_that_exists_must_be_attached_so() throws IOException {
    Host host = host();
    host.create("root", "disk", "vm1:rootfs");

    host.create("root", "disk", "vm1:rootfs");
    host.create("root", "disk", "vm1");
    for (String other : List.of("vm1:vda", "vm1:rootfs:ro", "vm2:rootfs")) {
      assertThatThrownBy(() -> host.create("root", "disk", other))
          .isInstanceOf(AttachRefused.class)
          .hasMessageContaining("already exists and is not attached in this way");
    }
    assertThat(host.disks()).containsExactly("root rootfs");
    assertThat(host.machines.disks(new MachineId("vm2"))).isEmpty();
  }

  @Test
  void a_taken_drive_is_found_before_a_disk_is_copied() throws IOException {
    Host host = host();
    host.create("root", "disk", "vm1:rootfs");

    assertThatThrownBy(() -> host.create("other", "disk", "vm1:rootfs"))
        .isInstanceOf(AttachRefused.class)
        .hasMessageContaining("rootfs of vm1 is volume root");
    assertThat(host.driver.calls()).containsExactly("create root");
  }

  @Test
  void a_directory_is_not_created_for_a_machine() throws IOException {
    Host host = host();

    assertThatThrownBy(() -> host.create("plain", "local", "vm1")).isInstanceOf(NotSupported.class);
    assertThat(host.volumes()).isEmpty();
    assertThat(Files.exists(host.registry.layout().machines().resolve("vm1.json"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":vda", "vm1:", "vm1:ro", "vm1:vda:rw", "vm1:vda:ro:x", "vm1::ro"})
  void an_invalid_attachment_is_refused(String text) {
    assertThatThrownBy(() -> AttachRequest.parse("db", text)).isInstanceOf(InvalidMachine.class);
  }

  @Test
  void a_machine_whose_name_no_file_can_have_is_refused() throws IOException {
    Host host =
        Host.open(FaultPoints.inMemory(), new WindowsNaming(DirectorySync.NONE, true, false));

    assertThatThrownBy(() -> host.create("root", "disk", "nul:rootfs"))
        .isInstanceOf(InvalidMachine.class)
        .hasMessageStartingWith("invalid machine name: 'nul': ");
    assertThat(host.volumes()).isEmpty();
  }

  /** Either the volume exists and the machine has it, or neither. */
  @TestFactory
  Stream<DynamicTest> all_or_nothing() throws Exception {
    return FaultPoints.each(
        new Trial() {
          @Override
          public void prepare(Path directory) {
            Host.open(directory, DirectorySync.FSYNC).create("old", "disk", "vm1");
          }

          @Override
          public void run(Path directory) {
            Host.open(directory, DirectorySync.FSYNC).create("new", "disk", "vm1:rootfs");
          }

          @Override
          public void verify(Path directory, Outcome outcome) throws IOException {
            Host host = Host.open(directory, DirectorySync.FSYNC);
            boolean made = host.volumes().contains("new");
            assertThat(host.disks())
                .isEqualTo(made ? List.of("old vda", "new rootfs") : List.of("old vda"));
            assertThat(outcome.succeeded() && !made).isFalse();
            if (outcome.failure() != null && !outcome.killed()) {
              assertThat(outcome.failure()).isInstanceOf(VolumeException.class);
            }
            Host next = Host.open(directory, DirectorySync.FSYNC);
            next.create("new", "disk", "vm1:rootfs");
            assertThat(next.disks()).containsExactly("old vda", "new rootfs");
            try (Stream<Path> left = Files.list(directory.resolve("staging"))) {
              assertThat(left).isEmpty();
            }
          }
        });
  }
}
