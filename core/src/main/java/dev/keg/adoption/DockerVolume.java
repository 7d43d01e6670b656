package dev.keg.adoption;

import dev.keg.file.SmallFile;
import dev.keg.json.JsonObject;
import dev.keg.volume.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A volume of docker or podman: a directory with the data in {@code _data} and, if it was created
 * with options, docker's {@code opts.json} beside it:
 *
 * <pre>{"MountType":"nfs","MountOpts":"addr=10.0.0.1","MountDevice":":/srv","Quota":{"Size":0}}
 * </pre>
 *
 * @param options those of the driver {@code local}; empty for a plain directory
 */
record DockerVolume(String name, Path data, Options options) {
  private static final String DATA = "_data";
  private static final String OPTIONS = "opts.json";

  /** The volume whose home or data directory this is. */
  static Optional<DockerVolume> at(Path directory) throws IOException {
    boolean data = String.valueOf(directory.getFileName()).equals(DATA);
    Path home = data ? directory.resolveSibling("") : directory;
    boolean isVolume =
        home.getFileName() != null
            && Files.isDirectory(home.resolve(DATA), LinkOption.NOFOLLOW_LINKS);
    return isVolume
        ? Optional.of(
            new DockerVolume(String.valueOf(home.getFileName()), home.resolve(DATA), options(home)))
        : Optional.empty();
  }

  private static Options options(Path home) throws IOException {
    SortedMap<String, String> map = new TreeMap<>();
    Path file = home.resolve(OPTIONS);
    if (!Files.isRegularFile(file)) {
      return Options.NONE;
    }
    Map<String, Object> fields = JsonObject.parse(SmallFile.read(file));
    put(map, "type", fields.get("MountType"));
    put(map, "o", fields.get("MountOpts"));
    put(map, "device", fields.get("MountDevice"));
    if (fields.get("Quota") instanceof Map<?, ?> quota && !"0".equals(quota.get("Size"))) {
      put(map, "size", quota.get("Size"));
    }
    return new Options(map);
  }

  private static void put(SortedMap<String, String> map, String key, @Nullable Object value) {
    if (value instanceof String text && !text.isEmpty()) {
      map.put(key, text);
    }
  }
}
