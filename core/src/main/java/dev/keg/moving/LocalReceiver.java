package dev.keg.moving;

import dev.keg.error.MoveException.MoveFailed;
import dev.keg.file.ThreadEnd;
import dev.keg.moving.pass.ArrivingTree;
import dev.keg.moving.pass.SendingPass;
import dev.keg.moving.pass.SendingPass.KnownTimes;
import dev.keg.moving.pass.SendingPass.Result;
import dev.keg.moving.pass.Wire;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A directory of this host that receives the passes that another host would, through a pipe. */
record LocalReceiver(FileTrees trees, Path directory, String volume, TreeListener listener)
    implements Receiver {
  @Override
  public Result pass(FileTree tree, KnownTimes known) {
    try {
      return transfer(tree, known);
    } catch (IOException e) {
      throw new MoveFailed(volume, String.valueOf(e.getMessage()), null, e);
    }
  }

  private Result transfer(FileTree tree, KnownTimes known) throws IOException {
    Pipe there = Pipe.open();
    Pipe back = Pipe.open();
    CompletableFuture<Void> taken = new CompletableFuture<>();
    Thread taker =
        Thread.ofPlatform()
            .daemon()
            .name("keg-move")
            .start(() -> take(there.source(), back.sink(), taken));
    try (InputStream in = Channels.newInputStream(back.source());
        OutputStream out = Channels.newOutputStream(there.sink())) {
      Wire wire = new Wire(in, out);
      Result result = new SendingPass(tree, wire, known, listener).run();
      wire.out().flush();
      wire.answered();
      return result;
    } catch (IOException e) {
      failed(taken, e);
      throw e;
    } finally {
      there.sink().close();
      back.source().close();
      ThreadEnd.await(List.of(taker));
    }
  }

  /** Throws the receiving side's failure, if that has ended. */
  private static void failed(CompletableFuture<Void> taken, IOException e) {
    try {
      taken.join();
    } catch (CompletionException other) {
      switch (other.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> e.addSuppressed(other);
      }
    }
  }

  private void take(Pipe.SourceChannel in, Pipe.SinkChannel out, CompletableFuture<Void> taken) {
    try (in;
        out;
        ArrivingTree tree = new ArrivingTree(trees, directory, volume)) {
      Wire wire = new Wire(Channels.newInputStream(in), Channels.newOutputStream(out));
      tree.pass(wire);
      wire.done();
      taken.complete(null);
    } catch (IOException | RuntimeException | Error e) {
      taken.completeExceptionally(e);
    }
  }
}
