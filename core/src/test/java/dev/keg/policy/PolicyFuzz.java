package dev.keg.policy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.fuzz.FuzzTarget;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** {@code policy.json}, and its settings for a volume. */
public final class PolicyFuzz implements FuzzTarget {
  private static final Volume VOLUME =
      new Volume(
          new VolumeName("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
          "local",
          Options.NONE,
          Labels.NONE.with("tier", "gold").with("keg.backup.every", "1h"),
          Instant.EPOCH);

  private static final VolumeFacts FACTS =
      new FixedFacts(
          Instant.EPOCH.atZone(ZoneOffset.UTC), Instant.EPOCH.atZone(ZoneOffset.UTC), Size.ZERO);

  private final Path file =
      Jimfs.newFileSystem(Configuration.unix()).getPath("/work").resolve("policy.json");

  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            "{\"schema\":1,\"rules\":[{\"backup.to\":\"/srv/a, /srv/b\",\"backup.every\":\"1d\","
                + "\"backup.keep\":\"daily=7,weekly=4\",\"backup.verify\":\"30d\","
                + "\"backup.freeze\":\"30s\",\"backup.exclude\":\"*.tmp,cache\"},"
                + "{\"name\":\"a*\",\"driver\":\"local\",\"label\":\"tier=gold\","
                + "\"backup.drill\":\"7d\",\"backup.pre\":\"sync\",\"backup.post\":\"true\"}]}",
            // Each star doubles the number of ways to match.
            "{\"schema\":1,\"rules\":[{\"name\":\"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*c\"}]}",
            "{\"schema\":1,\"rules\":[{\"unused\":\"1y2m\",\"above\":\"1.5g\",\"pool\":\"cold\"}]}",
            "{\"schema\":1,\"rules\":[]}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void read(byte[] input) {
    try {
      Files.write(file, input);
      Policies policies = Policies.read(file);
      var _ = BackupPlan.of(policies.of(VOLUME, FACTS));
      var _ = policies.locations();
    } catch (VolumeException _) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
