package dev.keg.backup.repack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.Backup;
import dev.keg.registry.OtherProcess;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Buffers outside the heap take memory until the heap is collected, so without collections their
 * number is the number of those made.
 */
class RepackingMemoryTest {
  private static final int OBJECTS = 8;

  /** A frame of each object is thinned, which takes four buffers, each as large as any frame. */
  private static final int MOST = 5 * (5 << 20);

  /** Repacks objects, and prints how many bytes outside the heap that took. */
  static final class Program {
    private static final SplittableRandom RANDOM = new SplittableRandom(5);

    private static void fill(BackedHost host, VolumeName volume, int object, int number)
        throws IOException {
      byte[] content = new byte[5000];
      RANDOM.nextBytes(content);
      Files.write(host.write(volume, "f" + object + "-" + number, ""), content);
    }

    private static long outside() {
      return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .mapToLong(BufferPoolMXBean::getMemoryUsed)
          .sum();
    }

    public static void main(String[] args) throws IOException {
      BackedHost host = new BackedHost();
      VolumeName db = host.create("db");
      for (int object = 0; object < OBJECTS; object++) {
        for (int number = 0; number < 4; number++) {
          fill(host, db, object, number);
        }
        host.save(db);
      }
      for (int object = 0; object < OBJECTS; object++) {
        fill(host, db, object, 0);
        fill(host, db, object, 2);
      }
      host.save(db);
      List<Backup> all = host.repository.list(db).backups();
      host.repository.forget(all.subList(0, OBJECTS).stream().map(Backup::id).toList());

      long before = outside();
      RepackReport report =
          new Repacking(host.repository, new RepackLimits(0, new Size(Long.MAX_VALUE)), _ -> {})
              .run();
      System.out.println(report.objects() + " " + (outside() - before));
    }
  }

  @Test
  void all_objects_pass_through_the_same_buffers() throws Exception {
    List<String> withoutCollections =
        List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC", "-XX:TieredStopAtLevel=1");
    Process process = OtherProcess.start(withoutCollections, Program.class);
    String[] words = process.inputReader(StandardCharsets.UTF_8).readLine().split(" ", -1);

    assertThat(process.waitFor()).isZero();
    assertThat(Integer.parseInt(words[0])).isEqualTo(OBJECTS);
    assertThat(Long.parseLong(words[1])).isLessThan(MOST);
  }
}
