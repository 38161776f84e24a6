# A simulator for a team or for CI. It listens beyond its container, so it needs a token of at least 32 characters:
#   docker build -t prakerja-sim .
#   docker run --init -p 127.0.0.1:8420:8420 -e PRAKERJA_SIM_TOKEN prakerja-sim
FROM python:3.11-slim AS build
COPY . /src
RUN python -m venv /opt/prakerja-sim \
 && /opt/prakerja-sim/bin/pip install --no-cache-dir --disable-pip-version-check -c /src/constraints.txt /src

FROM python:3.11-slim
COPY --from=build /opt/prakerja-sim /opt/prakerja-sim
ENV PATH=/opt/prakerja-sim/bin:$PATH
RUN useradd --uid 1000 --create-home tester && install --directory --owner=tester /data
USER tester
# The store is in the folder in which the simulator starts: mount a volume there to keep it.
WORKDIR /data
EXPOSE 8420
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8420/readyz', timeout=3)"]
ENTRYPOINT ["prakerja-sim"]
CMD ["serve", "--host", "0.0.0.0", "--expose"]
