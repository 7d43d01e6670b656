package dev.keg.adoption;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A volume of docker or podman: a directory with the data in {@code _data} and, where it was made
 * with options, docker's {@code opts.json} beside it:
 *
 * <pre>{"MountType":"nfs","MountOpts":"addr=10.0.0.1","MountDevice":":/srv","Quota":{"Size":0}}
 * </pre>
 *
 * @param options those of the driver {@code local}; empty for a plain directory
 */
record DockerVolume(String name, Path data, SortedMap<String, String> options) {
  private static final String DATA = "_data";
  private static final String OPTIONS = "opts.json";

  /** The volume whose directory, or whose data, this is. */
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

  private static SortedMap<String, String> options(Path home) throws IOException {
    SortedMap<String, String> options = new TreeMap<>();
    Path file = home.resolve(OPTIONS);
    if (!Files.isRegularFile(file)) {
      return options;
    }
    try (JsonParser json = new JsonFactory().createParser(Files.readAllBytes(file))) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_STRING && !json.getText().isEmpty()) {
          option(json.currentName()).ifPresent(put(options, json.getText()));
        } else if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getLongValue() > 0) {
          option(json.currentName()).ifPresent(put(options, json.getText()));
        }
      }
    }
    return options;
  }

  private static Consumer<String> put(SortedMap<String, String> options, String value) {
    return key -> options.put(key, value);
  }

  private static Optional<String> option(String field) {
    return switch (field) {
      case "MountType" -> Optional.of("type");
      case "MountOpts" -> Optional.of("o");
      case "MountDevice" -> Optional.of("device");
      case "Size" -> Optional.of("size");
      default -> Optional.empty();
    };
  }
}
