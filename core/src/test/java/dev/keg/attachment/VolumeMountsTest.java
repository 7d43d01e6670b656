package dev.keg.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.MountTable.MountPoint;
import dev.keg.attachment.MountTable.OutsideMount;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VolumeMountsTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final String DATA = "/keg/volumes/db/_data";
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final VolumeRegistry registry =
      new VolumeRegistry(
          new RegistryLayout(files.getPath("/keg")), _ -> {}, new SplittableRandom(1), _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(files::getPath);
  private final Attachments attachments = new Attachments(registry, () -> mounts);

  @BeforeEach
  void volume() throws IOException {
    registry.openForWriting();
    Files.createDirectories(files.getPath(DATA));
  }

  @Test
  void mounts_are_found_below_the_directory_of_their_volume() {
    mounts.mount("/keg/volumes");
    mounts.mount("/keg/volumes/db/_data");
    mounts.mount("/keg/volumes/db/_data/cache");
    mounts.mount("/keg/volumes/db2");
    mounts.mount("/keg/volumes/.hidden/x");
    mounts.mount("/keg/volumes2/db");

    assertThat(attachments.mounts().inside(DB))
        .extracting(MountPoint::target)
        .map(Path::toString)
        .containsExactly("/keg/volumes/db/_data", "/keg/volumes/db/_data/cache");
    assertThat(attachments.mounts().inside()).containsOnlyKeys(DB, new VolumeName("db2"));
    assertThat(attachments.mounts().inside(new VolumeName("none"))).isEmpty();
  }

  @Test
  void mounts_are_found_although_the_path_of_the_root_is_a_link() throws IOException {
    Files.createSymbolicLink(files.getPath("/link"), files.getPath("/keg"));
    VolumeRegistry linked =
        new VolumeRegistry(
            new RegistryLayout(files.getPath("/link")), _ -> {}, new SplittableRandom(1), _ -> {});
    mounts.mount("/keg/volumes/db/_data");

    assertThat(new Attachments(linked, () -> mounts).mounts().inside(DB)).hasSize(1);
  }

  @Test
  void strays_are_the_mounts_of_the_data_that_no_record_of_this_boot_names() {
    attachments.add(
        DB,
        new Attachment.Mount("web", "/srv", false, true, NOW, mounts.hostId(), mounts.bootId()));
    attachments.add(
        DB, new Attachment.Mount("old", "/mnt", false, true, NOW, mounts.hostId(), "boot-9"));
    mounts.bind(DATA, "/srv");
    mounts.bind(DATA + "/below", "/mnt");
    mounts.bind("/keg/volumes/other/_data", "/opt");
    mounts.bindElsewhere(DATA, "/far", 7);

    assertThat(attachments.strays(DB, Reach.HERE))
        .map(OutsideMount::toString)
        .containsExactly("/mnt");
    assertThat(attachments.strays(DB, Reach.EVERYWHERE))
        .map(OutsideMount::toString)
        .containsExactlyInAnyOrder("/mnt", "/far (seen by process 7)");
  }
}
