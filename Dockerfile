# One image for the web, the worker, the schedule and the migration; docker-compose.yml says which is which.
FROM python:3.11-slim AS build
WORKDIR /build
COPY pyproject.toml requirements.lock ./
# The lock pins; pyproject says which of it is needed to run, so that no test tool gets in.
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > run.txt \
    && pip wheel --quiet --disable-pip-version-check --wheel-dir /wheels --constraint requirements.lock --requirement run.txt

FROM python:3.11-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --quiet --disable-pip-version-check --no-cache-dir --no-index --no-deps /wheels/*.whl \
    && useradd --system --uid 10001 --home-dir /data ayni \
    && install -d -o ayni -g ayni /data
WORKDIR /app
COPY core core
COPY retrieval retrieval
COPY ingest ingest
COPY features features
COPY assistant assistant
COPY chat_ui chat_ui
COPY eval eval
COPY server server
COPY migrations migrations
RUN printf '#!/bin/sh\nexec python -m server.cli "$@"\n' > /usr/local/bin/ayni \
    && chmod +x /usr/local/bin/ayni && python -m compileall -q .
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 AYNI_ENV=production AYNI_DATA_DIR=/data AYNI_HOST=0.0.0.0 AYNI_PORT=8000 AYNI_DEMO=false
USER ayni
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["uvicorn", "--factory", "server.app:create_app", "--host", "0.0.0.0", "--port", "8000", "--proxy-headers"]
