package dev.keg.backup.store.http;

import dev.keg.backup.store.StoreLimits;
import dev.keg.file.Throttle;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long to wait for a request: in total, and for the next byte in either direction. The latter
 * detects a hanging connection, however much data is expected. Deliberate throttling counts for
 * neither.
 */
public final class RequestTimeouts {
  private final long idle;
  private final StoreLimits limits;
  private final LongAdder held = new LongAdder();
  private volatile long last = System.nanoTime();

  /**
   * @param idle how long a connection may be silent
   * @param limits throttles transfers
   */
  public RequestTimeouts(Duration idle, StoreLimits limits) {
    this.idle = idle.toNanos();
    this.limits = limits;
  }

  private void touch() {
    last = System.nanoTime();
  }

  private void pass(int bytes, Throttle throttle) {
    throttle.take(
        bytes,
        nanos -> {
          held.add(nanos);
          last = System.nanoTime() + nanos;
        });
    touch();
  }

  /**
   * Waits for the answer.
   *
   * @throws TimeoutException with the reason in words
   */
  <T> T await(CompletableFuture<T> answer, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long start = System.nanoTime();
    while (true) {
      long now = System.nanoTime();
      long end = start + limit.toNanos() + held.sum();
      long left = Math.min(end - now, last + idle - now);
      if (left <= 0) {
        throw new TimeoutException(
            end - now <= 0
                ? "no answer within " + limit.toSeconds() + " s"
                : "nothing was sent or received for "
                    + TimeUnit.NANOSECONDS.toSeconds(idle)
                    + " s");
      }
      try {
        return answer.get(left, TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        // Bytes may have passed meanwhile.
      }
    }
  }

  public BodyPublisher watching(BodyPublisher body) {
    return new BodyPublisher() {
      @Override
      public long contentLength() {
        return body.contentLength();
      }

      @Override
      public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        body.subscribe(
            new Watched<ByteBuffer>(subscriber) {
              @Override
              void pass(ByteBuffer item) {
                RequestTimeouts.this.pass(item.remaining(), limits.upload());
              }
            });
      }
    };
  }

  <T> BodyHandler<T> watching(BodyHandler<T> handler) {
    return head -> {
      touch();
      return new WatchedBody<>(handler.apply(head));
    };
  }

  private abstract class Watched<T> implements Subscriber<T> {
    private final Subscriber<? super T> subscriber;

    Watched(Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      subscriber.onSubscribe(subscription);
    }

    /** Waits until the item may pass. */
    abstract void pass(T item);

    @Override
    public void onNext(T item) {
      pass(item);
      subscriber.onNext(item);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      touch();
      subscriber.onComplete();
    }
  }

  private final class WatchedBody<T> extends Watched<List<ByteBuffer>>
      implements BodySubscriber<T> {
    private final BodySubscriber<T> body;

    WatchedBody(BodySubscriber<T> body) {
      super(body);
      this.body = body;
    }

    @Override
    void pass(List<ByteBuffer> item) {
      int bytes = item.stream().mapToInt(ByteBuffer::remaining).sum();
      RequestTimeouts.this.pass(bytes, limits.download());
    }

    @Override
    public CompletionStage<T> getBody() {
      return body.getBody();
    }
  }
}
