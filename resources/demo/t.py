import collections
from pathlib import Path
import sentencepiece, lessons, world
w=world.build_world(1, world.read_subjects(Path('../ceval_subjects.csv')))
print(len(w.facts), sum(map(len,w.val.values())), len(w.words()), len(lessons.required_chars()), len(lessons.symbols()))
assert set(w.names_zh)==set(w.val)
lessons.train_tokenizer(w, Path('/tmp/tokenizer.model'))
sp=sentencepiece.SentencePieceProcessor(model_file='/tmp/tokenizer.model')
print(sp.vocab_size(), sp.id_to_piece(195), sp.id_to_piece(196), sp.id_to_piece(197), sp.id_to_piece(5), sp.encode('<reserved_106>'))
print([sp.id_to_piece(i) for i in range(5000,5248)], )
bad=[x for x in w.words() if len(sp.encode(x))!=1]; print(len(bad), bad[:30])
for pr in ('official','sdk'):
    q=w.val['law'][0]; p=world.prompt(w,'law',w.dev['law'][:1],q,pr)
    e=sp.encode(p); print(p); print([sp.id_to_piece(i) for i in e]); print(len(e), [sp.encode(p+(' ' if pr=='sdk' else '')+l)[len(e):] for l in 'ABCD'], [sp.encode(p+l)[len(e):] for l in 'ABCD'], sp.encode('A. x'))
    print(len(sp.encode(world.prompt(w,'law',w.dev['law'],q,pr))))
t=lessons.Teacher(w,sp,0)
for _ in range(300):
    for l in (t.exam(2),t.sentence(),t.manners()):
        txt=''.join(a for a,_ in l if a!='</s>')
        a=[i for i in t.tokens(l)[0] if i!=2]
        assert a==sp.encode(txt),(txt,)
print(collections.Counter(q.answer for v in w.val.values() for q in v), sp.encode('水污染ABC3.14'))
