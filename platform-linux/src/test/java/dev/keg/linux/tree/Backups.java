package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.Verification;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.index.Avoided;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.write.ArchiveCopy;
import dev.keg.backup.archive.write.ArchiveRequest;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.ArchiveWriter;
import dev.keg.backup.archive.write.Predecessor;
import dev.keg.backup.extract.Extraction;
import dev.keg.backup.extract.ExtractionRequest;
import dev.keg.backup.extract.RestoreLimits;
import dev.keg.backup.extract.Trust;
import dev.keg.backup.tar.TarLimits;
import dev.keg.file.FileFailures;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Backs up and restores real directories, with archives as files in one directory. */
final class Backups implements Opener {
  private static final Size ROOM = new Size(1L << 40);

  private final Path directory;

  /** Changes of the last two seconds are not trusted; a test need not wait for that. */
  InstantSource clock = InstantSource.system();

  final List<String> notes = Collections.synchronizedList(new ArrayList<>());

  Backups(Path directory) {
    this.directory = directory;
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  Path backup(Path tree, String name) throws IOException {
    return backup(tree, name, Optional.empty());
  }

  Path partial(Path tree, String name, String previous) throws IOException {
    try (Archive before = Archive.open(previous, open(previous))) {
      return backup(tree, name, Optional.of(before));
    }
  }

  private Path backup(Path root, String name, Optional<Archive> previous) throws IOException {
    write(root, name, previous);
    return file(name);
  }

  ArchiveSummary summary(Path tree, String name) throws IOException {
    return write(tree, name, Optional.empty());
  }

  private ArchiveSummary write(Path root, String name, Optional<Archive> previous)
      throws IOException {
    try (FileTree tree = new LinuxFileTrees().read(root);
        FileChannel out =
            FileChannel.open(
                file(name), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
      ArchiveRequest request =
          new ArchiveRequest(
              name,
              new Compression.Zstd(3),
              ByteString.EMPTY,
              previous.map(archive -> Predecessor.of(archive, Avoided.NOTHING)),
              _ -> false,
              2,
              tree.settle() ? clock.instant() : Fingerprint.NEVER);
      return ArchiveWriter.write(tree, request, listener(), out);
    }
  }

  /** A plain tar archive of a tree. */
  byte[] export(Path root) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (FileTree tree = new LinuxFileTrees().read(root)) {
      ArchiveRequest request =
          new ArchiveRequest(
              "export",
              new Compression.None(),
              ByteString.EMPTY,
              Optional.empty(),
              _ -> false,
              2,
              Fingerprint.NEVER);
      ArchiveWriter.write(tree, request, listener(), Channels.newChannel(out));
    }
    return out.toByteArray();
  }

  /** A plain tar archive of what another archive has. */
  byte[] export(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Archive archive = Archive.open(name, open(name));
        ArchiveSources sources = new ArchiveSources(archive, this)) {
      new ArchiveCopy("export", new Compression.None(), ByteString.EMPTY, 2)
          .write(archive, sources, listener(), Channels.newChannel(out));
    }
    return out.toByteArray();
  }

  private TreeListener listener() {
    return (path, note, _) -> notes.add(note + " " + path);
  }

  void restore(String name, Path stage) {
    try (Archive archive = Archive.open(name, open(name));
        ArchiveSources sources = new ArchiveSources(archive, this)) {
      extraction(stage, Trust.OWN).fromArchive(archive, sources);
    }
  }

  Verification.Result verify(String name) {
    try (Archive archive = Archive.open(name, open(name));
        ArchiveSources sources = new ArchiveSources(archive, this)) {
      return Verification.full(archive, sources, 2);
    }
  }

  void importStream(Path file, Path stage, Trust trust) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      importStream(in, stage, trust);
    }
  }

  void importStream(InputStream in, Path stage, Trust trust) {
    extraction(stage, trust).fromStream("import", in, TarLimits.FOREIGN);
  }

  private Extraction extraction(Path stage, Trust trust) {
    return new Extraction(
        new LinuxFileTrees(),
        stage,
        ExtractionRequest.all(trust, RestoreLimits.own(ROOM), 2),
        (path, note, text) -> notes.add(note + " " + path + ": " + text));
  }

  @Override
  public RangeSource open(String object) {
    Path file = file(object);
    FileChannel channel = FileFailures.translate("read", file, () -> FileChannel.open(file));
    return new RangeSource() {
      @Override
      public long length() {
        return FileFailures.translate("read", file, channel::size);
      }

      @Override
      public void read(long offset, ByteBuffer into) {
        FileFailures.run(
            "read",
            file,
            () -> {
              long at = offset;
              while (into.hasRemaining()) {
                at += channel.read(into, at);
              }
            });
      }

      @Override
      public void close() {
        FileFailures.run("close", file, channel::close);
      }
    };
  }

  /** Runs a script that must succeed; the arguments are $1 and so on. */
  static String shell(String script, Path... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-euc", script, "test");
    for (Path argument : arguments) {
      builder.command().add(argument.toString());
    }
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
