import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask, type About } from './api.ts';
import { BatteryNow, Summary } from './battery.tsx';
import { History } from './history.tsx';
import { useLive } from './live.ts';

/** The whole page. The fragment names the battery, so that it can be linked to. */
function App() {
  const { now, elapsed } = useLive();
  const [about, setAbout] = useState<About>();
  const [chosen, setChosen] = useState(fragment);
  useEffect(() => {
    const load = (): void => {
      ask<About>('api/about').then(setAbout, () => setTimeout(load, 3000));
    };
    load();
    const onHash = (): void => setChosen(fragment());
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  if (!now || !about) return <p class="quiet">Waiting for the batteries …</p>;
  const { batteries } = now;
  const battery = batteries.find(({ device }) => device === chosen) ?? batteries[0];
  if (!battery) return <p class="quiet">No battery was received yet.</p>;
  return (
    <>
      <header>
        <h1>{battery.device}</h1>
        {batteries.length > 1 && (
          <nav aria-label="Batteries">
            {batteries.map((each) => (
              <a
                key={each.device}
                href={`#${encodeURIComponent(each.device)}`}
                aria-current={each === battery ? 'page' : undefined}
              >
                <Summary battery={each} elapsed={elapsed} />
              </a>
            ))}
          </nav>
        )}
      </header>
      <main>
        <BatteryNow battery={battery} about={about} elapsed={elapsed} />
        {about.has_history && battery.key !== null && <History key={battery.key} battery={battery.key} />}
      </main>
      <footer class="quiet">ubmsc {about.version}</footer>
    </>
  );
}

function fragment(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

const place = document.getElementById('app');
if (place) {
  place.replaceChildren();
  render(<App />, place);
}
