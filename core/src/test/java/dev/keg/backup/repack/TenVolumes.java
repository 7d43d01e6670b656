package dev.keg.backup.repack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keg.backup.BackedHost;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Ten volumes of different kinds, and what happens to them in an hour, on a day and in a week. */
final class TenVolumes {
  private static final int PAGE = 8 << 10;
  private static final int PAGES = 256;

  /** The pages that most transactions change. */
  private static final int HOT = 32;

  private final SplittableRandom random = new SplittableRandom(14);
  private final BackedHost host;
  private final List<String> words = new ArrayList<>();
  private final List<Simulated> all = new ArrayList<>();
  private final Simulated db;
  private final Simulated logs;
  private final Simulated source;
  private final Simulated photos;
  private final Simulated mail;
  private final Simulated images;
  private final Simulated copies;
  private final Simulated quiet;
  private final Simulated cache;
  private final Simulated staging;
  private int day;
  private int messages;

  TenVolumes(BackedHost host) throws IOException {
    this.host = host;
    for (int i = 0; i < 4000; i++) {
      words.add(Long.toString(random.nextLong(1L << (10 + random.nextInt(20))), 36));
    }
    db = new Simulated("db");
    logs = new Simulated("logs");
    source = new Simulated("source");
    photos = new Simulated("photos");
    mail = new Simulated("mail");
    images = new Simulated("images");
    copies = new Simulated("copies");
    quiet = new Simulated("quiet");
    cache = new Simulated("cache");
    staging = new Simulated("staging");
    fill();
  }

  /** A volume, and a hash of what is in each of its files. */
  final class Simulated {
    final VolumeName name;
    private final Map<String, Integer> content = new TreeMap<>();

    Simulated(String name) {
      this.name = host.create(name);
      all.add(this);
    }

    Map<String, Integer> content() {
      return Map.copyOf(content);
    }

    private Path path(String file) {
      return host.data(name).resolve(file);
    }

    private byte[] read(String file) throws IOException {
      return Files.readAllBytes(path(file));
    }

    private void write(String file, byte[] bytes) throws IOException {
      Files.createDirectories(path(file).getParent());
      Files.write(path(file), bytes);
      content.put(file, Arrays.hashCode(bytes));
    }

    private void append(String file, byte[] bytes) throws IOException {
      Files.createDirectories(path(file).getParent());
      Files.write(path(file), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      content.put(file, Arrays.hashCode(read(file)));
    }

    private void move(String from, String to) throws IOException {
      if (content.containsKey(from)) {
        Files.createDirectories(path(to).getParent());
        Files.move(path(from), path(to));
        content.put(to, content.remove(from));
      }
    }

    private void delete(String file) throws IOException {
      if (content.remove(file) != null) {
        Files.delete(path(file));
      }
    }

    private String any() {
      return List.copyOf(content.keySet()).get(random.nextInt(content.size()));
    }

    /** Gets the content of another one, and keeps files that have the same. */
    void become(VolumeName other) throws IOException {
      Map<String, Integer> wanted = contentOf(other);
      for (String file : List.copyOf(content.keySet())) {
        if (!wanted.containsKey(file)) {
          delete(file);
        }
      }
      for (Map.Entry<String, Integer> file : wanted.entrySet()) {
        if (!file.getValue().equals(content.get(file.getKey()))) {
          write(file.getKey(), Files.readAllBytes(host.data(other).resolve(file.getKey())));
        }
      }
    }
  }

  /** A hash of what is in each file of a volume. */
  Map<String, Integer> contentOf(VolumeName volume) throws IOException {
    Map<String, Integer> found = new TreeMap<>();
    Path root = host.data(volume);
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            found.put(root.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  List<Simulated> all() {
    return all;
  }

  /** The volumes that are backed up every hour. */
  List<Simulated> busy() {
    return List.of(db, logs, mail);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] text(int length) {
    StringBuilder text = new StringBuilder(length + 20);
    while (text.length() < length) {
      text.append(words.get(random.nextInt(words.size())))
          .append(random.nextInt(9) == 0 ? '\n' : ' ');
    }
    text.setLength(length);
    return text.toString().getBytes(US_ASCII);
  }

  private byte[] page() {
    return ByteBuffer.allocate(PAGE).put(text(PAGE / 2)).put(bytes(PAGE / 8)).array();
  }

  private void fill() throws IOException {
    ByteBuffer pages = ByteBuffer.allocate(PAGES * PAGE);
    for (int i = 0; i < PAGES; i++) {
      pages.put(page());
    }
    db.write("base/1", pages.array());
    for (int i = 0; i < 400; i++) {
      source.write(sourceFile(i), text(500 + random.nextInt(7500)));
    }
    for (int i = 0; i < 30; i++) {
      photos.write("2025/%03d.jpg".formatted(i), bytes(60_000 + random.nextInt(60_000)));
    }
    for (int i = 0; i < 200; i++) {
      deliver();
    }
    for (int i = 0; i < 4; i++) {
      images.write("layer" + i, layer());
    }
    copies.write("disk", layer());
    for (int i = 0; i < 50; i++) {
      quiet.write("etc/" + i, text(10_000));
    }
    quiet.write("archive", bytes(1_100_000));
    refill();
    stage();
  }

  private static String sourceFile(int number) {
    return "src/%d/%d.c".formatted(number % 20, number);
  }

  private byte[] layer() {
    return ByteBuffer.allocate(1_200_000).put(text(800_000)).put(bytes(300_000)).array();
  }

  private void deliver() throws IOException {
    mail.write("new/" + messages++, text(1000 + random.nextInt(9000)));
  }

  private void refill() throws IOException {
    for (String file : List.copyOf(cache.content.keySet())) {
      cache.delete(file);
    }
    for (int i = 0; i < 60; i++) {
      cache.write("%d/%d".formatted(i % 7, i), text(5000 + random.nextInt(20_000)));
    }
  }

  /** A copy of the source and of some photos. */
  private void stage() throws IOException {
    for (String file : source.content.keySet()) {
      staging.write("app/" + file, source.read(file));
    }
    for (String file : photos.content.keySet()) {
      if (file.hashCode() % 4 == 0) {
        staging.write("img/" + file, photos.read(file));
      }
    }
  }

  void hour() throws IOException {
    changePages(3);
    logs.append("app.log", text(2000));
    deliver();
  }

  private void changePages(int count) throws IOException {
    byte[] content = db.read("base/1");
    for (int i = 0; i < count; i++) {
      int page = random.nextInt(5) == 0 ? random.nextInt(PAGES) : random.nextInt(HOT);
      int at = page * PAGE + random.nextInt(PAGE / 2);
      byte[] row = text(200);
      System.arraycopy(row, 0, content, at, row.length);
    }
    db.write("base/1", content);
  }

  void day() throws IOException {
    day++;
    changePages(20);
    logs.append("app.log", text(40_000));
    logs.append("access.log", text(20_000));
    for (int i = 0; i < 5; i++) {
      source.write(sourceFile(random.nextInt(450)), text(500 + random.nextInt(7500)));
    }
    if (day % 2 == 0) {
      photos.write("2026/%03d.jpg".formatted(day), bytes(60_000 + random.nextInt(60_000)));
    }
    for (String file : List.copyOf(mail.content.keySet())) {
      if (file.startsWith("new/")) {
        mail.move(file, "cur/" + file.substring(4) + ":2,S");
      }
    }
    for (int i = 0; i < 8; i++) {
      deliver();
    }
    for (int i = 0; i < 4; i++) {
      mail.delete(mail.any());
    }
    if (day % 7 == 0) {
      week();
    }
    if (day % 30 == 0) {
      quiet.write("etc/" + random.nextInt(50), text(10_000));
    }
  }

  private void week() throws IOException {
    logs.delete("app.log.4");
    for (int i = 3; i > 0; i--) {
      logs.move("app.log." + i, "app.log." + (i + 1));
    }
    logs.move("app.log", "app.log.1");
    byte[] layer = layer();
    byte[] before = images.read("layer" + day / 7 % 4);
    System.arraycopy(before, 0, layer, 0, layer.length / 2);
    images.write("layer" + day / 7 % 4, layer);
    byte[] disk = copies.read("disk");
    System.arraycopy(text(30_000), 0, disk, random.nextInt(disk.length - 30_000), 30_000);
    copies.write("disk", disk);
    copies.write("disk." + day, disk);
    copies.delete("disk." + (day - 28));
    refill();
    stage();
    for (int i = 0; i < 20; i++) {
      source.move("src/3/%d.c".formatted(i * 20 + 3), "src/new/%d.c".formatted(i * 20 + 3));
      source.move("src/new/%d.c".formatted(i * 20 + 3), "src/3/%d.c".formatted(i * 20 + 3));
    }
  }
}
