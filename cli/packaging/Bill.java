import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What an artefact holds that others wrote.
 *
 * <pre>
 * java Bill.java sbom VERSION TIME LIB [NAME:VERSION...]      a CycloneDX document
 * java Bill.java notices LIB [NAME:VERSION...]                the licenses
 * </pre>
 *
 * LIB is the directory of the jars; NAME:VERSION is part of the artefact without a jar there. The
 * table {@code libraries} beside this file knows their groups and licenses.
 */
final class Bill {
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^/]*)\\.jar");
  private static final Pattern LICENSE_FILE =
      Pattern.compile("META-INF/[^/]*(LICENSE|NOTICE|AL2\\.0|LGPL2\\.1)[^/]*");

  private final Path packaging;
  private final Map<String, Known> known = new HashMap<>();

  private record Known(String group, String license) {}

  private record Part(String name, String version, Optional<Path> jar) {}

  private Bill(Path packaging) throws IOException {
    this.packaging = packaging;
    for (String line : Files.readAllLines(packaging.resolve("libraries"))) {
      if (!line.startsWith("#")) {
        String[] words = line.split(" ", 3);
        known.put(words[1], new Known(words[0], words[2]));
      }
    }
  }

  public static void main(String[] arguments) throws IOException {
    var words = List.of(arguments);
    var bill = new Bill(Path.of(System.getProperty("packaging", ".")));
    String text =
        switch (words.getFirst()) {
          case "sbom" ->
              bill.sbom(
                  words.get(1),
                  words.get(2),
                  parts(Path.of(words.get(3)), words.subList(4, words.size())));
          case "notices" ->
              bill.notices(parts(Path.of(words.get(1)), words.subList(2, words.size())));
          default -> throw new IllegalArgumentException(words.getFirst());
        };
    System.out.write(text.getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }

  /** In the order of their names. */
  private static List<Part> parts(Path lib, List<String> others) throws IOException {
    var parts = new ArrayList<Part>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(lib, "*.jar")) {
      for (Path jar : jars) {
        Matcher name = JAR.matcher(jar.getFileName().toString());
        if (!name.matches()) {
          throw new IOException(jar + " has no version in its name");
        }
        if (!name.group(1).startsWith("keg-")) {
          parts.add(new Part(name.group(1), name.group(2), Optional.of(jar)));
        }
      }
    }
    for (String other : others) {
      String[] words = other.split(":", 2);
      parts.add(new Part(words[0], words[1], Optional.empty()));
    }
    parts.sort((one, two) -> one.name().compareTo(two.name()));
    return parts;
  }

  private Known known(Part part) {
    Known about = known.get(part.name());
    if (about == null) {
      throw new IllegalStateException(part.name() + " is not in packaging/libraries");
    }
    return about;
  }

  private String sbom(String version, String time, List<Part> parts) throws IOException {
    var components = new ArrayList<String>();
    for (Part part : parts) {
      components.add(component(part));
    }
    return """
    {
      "bomFormat": "CycloneDX",
      "specVersion": "1.6",
      "version": 1,
      "metadata": {
        "timestamp": "%s",
        "component": {
          "type": "application", "bom-ref": "keg", "group": "dev.keg", "name": "keg", "version": "%s",
          "licenses": [{"expression": "Apache-2.0"}]
        }
      },
      "components": [
    %s
      ]
    }
    """
        .formatted(time, version, String.join(",\n", components));
  }

  private String component(Part part) throws IOException {
    Known about = known(part);
    String url = url(about, part);
    String group = about.group().equals("-") ? "" : "\"group\": \"%s\", ".formatted(about.group());
    String hash =
        part.jar().isEmpty()
            ? ""
            : ", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"%s\"}]"
                .formatted(sha256(part.jar().get()));
    return "    {\"type\": \"library\", \"bom-ref\": \"%s\", %s\"name\": \"%s\", \"version\": \"%s\", "
            .formatted(url, group, part.name(), part.version())
        + "\"purl\": \"%s\", \"licenses\": [{\"expression\": \"%s\"}]%s}"
            .formatted(url, about.license(), hash);
  }

  private static String url(Known about, Part part) {
    String version = part.version().replace("+", "%2B");
    return about.group().equals("-")
        ? "pkg:generic/%s@%s".formatted(part.name(), version)
        : "pkg:maven/%s/%s@%s".formatted(about.group(), part.name(), version);
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String notices(List<Part> parts) throws IOException {
    var text =
        new StringBuilder("Keg includes the following software. Each keeps its own license.\n\n");
    for (Part part : parts) {
      text.append("%s %s: %s\n".formatted(part.name(), part.version(), known(part).license()));
    }
    // Many jars have the same text of the same license: it is printed once.
    var files = new HashMap<String, List<String>>();
    var order = new ArrayList<String>();
    for (Part part : parts) {
      for (String content : licenseTexts(part)) {
        if (files.computeIfAbsent(content, _ -> new ArrayList<>()).isEmpty()) {
          order.add(content);
        }
        files.get(content).add(part.name());
      }
    }
    for (String content : order) {
      String names = files.get(content).stream().distinct().collect(Collectors.joining(", "));
      text.append("\n==== %s ====\n\n%s\n".formatted(names, content.strip()));
    }
    return text.toString();
  }

  private List<String> licenseTexts(Part part) throws IOException {
    var texts = new ArrayList<String>();
    Path own = packaging.resolve("licenses").resolve(part.name() + ".txt");
    if (Files.exists(own)) {
      texts.add(Files.readString(own));
    }
    if (part.jar().isPresent()) {
      try (var jar = new ZipFile(part.jar().get().toFile())) {
        for (ZipEntry entry :
            jar.stream().sorted((one, two) -> one.getName().compareTo(two.getName())).toList()) {
          if (LICENSE_FILE.matcher(entry.getName()).matches()) {
            texts.add(
                new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\r", ""));
          }
        }
      }
    }
    return texts;
  }
}
