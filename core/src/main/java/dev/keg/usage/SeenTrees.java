package dev.keg.usage;

import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.file.AtomicFile;
import dev.keg.file.CreationMode;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The results of measuring a root's volumes, in a file that a reboot may delete:
 *
 * <pre>
 * {"schema":1,"trees":[{"allocated":8192,"at":"…","directories":1,"files":2,"name":"db",
 *  "size":5000,"state":"…"}]}
 * </pre>
 *
 * A missing or damaged file is ignored and written again.
 */
public final class SeenTrees {
  private static final long SCHEMA = 1;

  /** The line of a volume has less than 300 bytes. */
  private static final int LARGEST = 64 << 20;

  private final Path file;

  /**
   * @param file in a directory that exists, or whose parent does
   */
  public SeenTrees(Path file) {
    this.file = file;
  }

  /** The results by the names of volumes. */
  public SortedMap<String, SeenTree> read() {
    try {
      return parse(JsonDocument.read(file, SCHEMA, SmallFile.read(file, LARGEST)));
    } catch (IOException | NewerSchema | DateTimeException | IllegalArgumentException _) {
      return new TreeMap<>();
    }
  }

  private static SortedMap<String, SeenTree> parse(JsonDocument json) throws InvalidDocument {
    SortedMap<String, SeenTree> trees = new TreeMap<>();
    Map<String, Instant> times = new HashMap<>(); // most trees were measured at the same time
    for (JsonDocument tree : json.documents("trees")) {
      trees.put(
          tree.text("name"),
          new SeenTree(
              tree.text("state"),
              times.computeIfAbsent(tree.text("at"), Instant::parse),
              new TreeUsage(
                  new Size(tree.number("size")),
                  Optional.of(new Size(tree.number("allocated"))),
                  tree.number("files"),
                  tree.number("directories"))));
      tree.end();
    }
    json.end();
    return trees;
  }

  /** Replaces everything. If two commands write at the same time, one of them wins. */
  public void write(Map<String, SeenTree> trees) throws IOException {
    Path directory = file.resolveSibling("");
    if (!Files.exists(directory)) {
      try {
        Files.createDirectory(directory, CreationMode.ownersDirectory(directory));
      } catch (FileAlreadyExistsException _) {
        return; // another command has created it meanwhile, or it is a dangling link
      }
    }
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel lock = open(file.resolveSibling(file.getFileName() + ".lock"));
        FileLock held = lock.tryLock()) {
      if (held != null) {
        Files.deleteIfExists(draft); // a killed command may have left it
        AtomicFile.replaceUnsynced(file, draft, bytes(trees));
      }
    }
  }

  private static FileChannel open(Path lock) throws IOException {
    return FileChannel.open(
        lock,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        CreationMode.ownersFile(lock));
  }

  private static byte[] bytes(Map<String, SeenTree> trees) {
    List<JsonObject> all = new ArrayList<>();
    trees.forEach((name, tree) -> all.add(json(name, tree)));
    return JsonObject.ofSchema(SCHEMA).objects("trees", all).bytes();
  }

  private static JsonObject json(String name, SeenTree tree) {
    TreeUsage usage = tree.usage();
    return new JsonObject()
        .put("allocated", usage.allocated().map(Size::bytes).orElse(0L))
        .put("at", tree.at().toString())
        .put("directories", usage.directories())
        .put("files", usage.files())
        .put("name", name)
        .put("size", usage.size().bytes())
        .put("state", tree.state());
  }
}
