package dev.keg.backup.oci;

import dev.keg.backup.oci.Manifest.Descriptor;
import dev.keg.backup.store.StoreException;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.RegularFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The index of an image lists the files of its layer, for readers that do not want all of it. One
 * JSON object per line, compressed with gzip:
 *
 * <pre>{"path":"base/16384","size":8192,"type":"file"}</pre>
 */
final class ImageIndex implements AutoCloseable {
  static final String TYPE = "application/vnd.keg.index.v1.jsonl+gzip";
  static final String ARTIFACT_TYPE = "application/vnd.keg.index.v1";

  private static final int LONGEST_LINE = 1 << 20;

  private final BlobUpload upload;
  private final GZIPOutputStream packed;

  ImageIndex(BlobUpload upload) throws IOException {
    this.upload = upload;
    this.packed = new GZIPOutputStream(upload);
  }

  void add(Entry entry) throws IOException {
    String line =
        new JsonObject()
            .put("path", entry.path().toString())
            .put("size", entry.kind() instanceof RegularFile file ? file.size() : 0)
            .put("type", entry.kind().words())
            .line();
    packed.write((line.strip() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Uploads it. */
  Descriptor publish() throws IOException {
    packed.finish();
    upload.publish();
    return upload.descriptor(TYPE);
  }

  @Override
  public void close() throws StoreException {
    upload.close();
  }

  /** Reads an index, which is untrusted input. */
  static void read(String image, InputStream in, Consumer<ImageEntry> files) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
    StringBuilder line = new StringBuilder();
    for (int next = lines.read(); next >= 0; next = lines.read()) {
      if (next != '\n') {
        line.append((char) next);
      } else {
        files.accept(file(image, line.toString()));
        line.setLength(0);
      }
      if (line.length() > LONGEST_LINE) {
        throw new InvalidArchive(image, "in its index", "a line is too long");
      }
    }
  }

  private static ImageEntry file(String image, String line) {
    try {
      Map<String, Object> fields = JsonObject.parse(line.getBytes(StandardCharsets.UTF_8));
      return new ImageEntry(
          String.valueOf(fields.get("path")),
          Long.parseLong(String.valueOf(fields.get("size"))),
          String.valueOf(fields.get("type")));
    } catch (InvalidDocument | NumberFormatException e) {
      throw new InvalidArchive(image, "in its index", String.valueOf(e.getMessage()));
    }
  }
}
