package dev.keg.driver.plugin;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonObject;
import dev.keg.tls.TlsFiles;
import dev.keg.tls.TlsFiles.OwnCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directories where plugins publish their addresses, searched in docker's order: {@code
 * NAME.sock} or {@code NAME/NAME.sock} in a directory of sockets; then {@code NAME.spec} with one
 * address, or {@code NAME.json}, in a directory of specifications:
 *
 * <pre>{"Name": "x", "Addr": "https://host:1234",
 *  "TLSConfig": {"InsecureSkipVerify": false, "ExclusiveRootPools": false,
 *                "CAFile": "/ca", "CertFile": "/c", "KeyFile": "/k"}}
 * </pre>
 *
 * <p>As in docker, {@code CAFile} is trusted in addition to the system's authorities unless {@code
 * ExclusiveRootPools} is set. Unlike docker, a missing {@code CAFile} does not disable certificate
 * checks.
 */
public record PluginPlaces(List<Path> sockets, List<Path> specifications) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
  private static final String SOCKET = ".sock";
  private static final List<String> SPECIFICATIONS = List.of(".spec", ".json");

  public PluginPlaces {
    sockets = List.copyOf(sockets);
    specifications = List.copyOf(specifications);
  }

  /** The file with the plugin's address, if there is a plugin of this name. */
  Optional<Path> find(String name) {
    return NAME.matcher(name).matches()
        ? candidates(name).filter(Files::exists).findFirst()
        : Optional.empty();
  }

  /** Whether there is a plugin of this name. */
  public boolean has(String name) {
    return find(name).isPresent();
  }

  private Stream<Path> candidates(String name) {
    return Stream.concat(
        sockets.stream().flatMap(directory -> files(directory, name, SOCKET)),
        specifications.stream()
            .flatMap(
                directory ->
                    SPECIFICATIONS.stream().flatMap(suffix -> files(directory, name, suffix))));
  }

  private static Stream<Path> files(Path directory, String name, String suffix) {
    String file = name + suffix;
    return Stream.of(directory.resolve(file), directory.resolve(name).resolve(file));
  }

  /** The names of all plugins. */
  public SortedSet<String> names() throws IOException {
    SortedSet<String> names = new TreeSet<>();
    for (Path directory : Stream.of(sockets, specifications).flatMap(List::stream).toList()) {
      for (Path entry : entries(directory)) {
        String name = String.valueOf(entry.getFileName()).replaceFirst("\\.(sock|spec|json)$", "");
        if (has(name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /** Empty for a directory that the user may not read: docker's own belongs to root. */
  private static List<Path> entries(Path directory) throws IOException {
    try {
      return DirectoryEntries.of(directory);
    } catch (NotDirectoryException | AccessDeniedException _) {
      return List.of();
    }
  }

  /** The plugin's address. */
  PluginAddress address(String name) throws PluginException {
    Path file =
        find(name).orElseThrow(() -> PluginException.unusable("there is no plugin " + name));
    if (file.toString().endsWith(SOCKET)) {
      return new PluginAddress.Local(file);
    }
    try {
      byte[] content = SmallFile.read(TrustedPath.ofFile(file));
      return described(
          file.toString().endsWith(".spec")
              ? Map.of("Addr", new String(content, StandardCharsets.UTF_8).strip())
              : JsonObject.parse(content),
          file);
    } catch (PluginException e) {
      throw PluginException.silent(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw PluginException.silent(file + ": " + FileFailures.reason(e), e);
    }
  }

  private static PluginAddress described(Map<String, Object> fields, Path file) throws IOException {
    PluginAddress address = PluginAddress.parse(text(fields, "Addr"), file);
    boolean encrypted = text(fields, "Addr").startsWith("https:");
    if (!(address instanceof PluginAddress.Remote remote)
        || !(encrypted || fields.get("TLSConfig") instanceof Map<?, ?>)) {
      return address;
    }
    Map<?, ?> tls = fields.get("TLSConfig") instanceof Map<?, ?> map ? map : Map.of();
    TlsFiles files =
        new TlsFiles(
            path(tls, "CAFile", file).stream().toList(),
            Boolean.TRUE.equals(tls.get("ExclusiveRootPools")),
            path(tls, "CertFile", file)
                .flatMap(
                    certificate ->
                        path(tls, "KeyFile", file).map(key -> new OwnCertificate(certificate, key)))
                .stream()
                .toList());
    boolean unchecked = Boolean.TRUE.equals(tls.get("InsecureSkipVerify"));
    try {
      return remote.over(unchecked ? files.contextWithoutCheck() : files.context(), !unchecked);
    } catch (FileSystemException e) {
      throw PluginException.silent(e.getFile() + ": " + FileFailures.reason(e), e);
    }
  }

  private static String text(Map<?, ?> fields, String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  private static Optional<Path> path(Map<?, ?> fields, String name, Path file) {
    return Optional.of(text(fields, name))
        .filter(text -> !text.isEmpty())
        .map(file.getFileSystem()::getPath);
  }
}
